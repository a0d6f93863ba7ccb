"""Kills worker, web server and PostgreSQL at the worst moments (`make kills`) and counts what was
acknowledged against what is found. A program of its own: it takes minutes."""
