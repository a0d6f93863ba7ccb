"""What root must do so that a program that refuses root can run as another user."""

import json
import pwd
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path


def system_user(name: str) -> pwd.struct_passwd:
    """The user, made if missing; LookupError if that fails."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, check=False, capture_output=True)
    except OSError as error:
        raise LookupError(name) from error
    return pwd.getpwnam(name)


def open_folders(folders: Iterable[Path], note: Path) -> None:
    """Let others pass the folders (`o+x`, not read them); `note` keeps the modes they had."""
    modes = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in folders}
    closed = {folder: mode for folder, mode in modes.items() if not mode & stat.S_IXOTH}
    if not closed:
        return
    opened: dict[str, int] = json.loads(note.read_text()) if note.exists() else {}
    new = note.with_suffix(".new")
    new.write_text(json.dumps({str(folder): mode for folder, mode in closed.items()} | opened))
    new.replace(note)  # whole or not at all: several may be at it
    for folder, mode in closed.items():
        folder.chmod(mode | stat.S_IXOTH)


def close_folders(note: Path) -> None:
    """Give the folders in `note` the modes they had."""
    if note.exists():
        for folder, mode in json.loads(note.read_text()).items():
            if Path(folder).exists():
                Path(folder).chmod(mode)
        note.unlink()


def make_readable(tree: Path) -> None:
    """Show public programs that a strict umask hid."""
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | (0o055 if mode & 0o100 else 0o044)
        if mode != wanted:
            path.chmod(wanted)
