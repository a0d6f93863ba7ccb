"""The demo world: invented people and organisations, made by the app's own services and moves."""
