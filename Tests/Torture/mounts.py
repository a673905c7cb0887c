"""Small file systems of our own, in a mount namespace that goes with us."""

import ctypes
import os
import shutil
import subprocess

import stage as stages

CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2
_libc = ctypes.CDLL(None, use_errno=True)


def _apart():
    if _libc.unshare(CLONE_NEWNS) != 0 or _libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        _refuse(os.strerror(ctypes.get_errno()))


def _refuse(why):
    raise stages.Skip(f"mounting is not allowed here ({why.strip()}): run it as root")


def detach(path):
    _libc.umount2(path.encode(), MNT_DETACH)


def tmpfs(stage, name, megabytes):
    """The path of a new tmpfs."""
    path = stage.path(name)
    os.makedirs(path)
    _apart()
    if _libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, f"size={megabytes}m".encode()) != 0:
        _refuse(os.strerror(ctypes.get_errno()))
    stage.afterwards.append(lambda: detach(path))
    return path


class Ext4:
    """An ext4 in a file. It can be told that its disk is broken: then it is read-only until somebody repairs it."""

    def __init__(self, stage, name, megabytes):
        for program in ("mkfs.ext4", "fsck.ext4", "mount", "umount"):
            if not shutil.which(program, path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin"):
                raise stages.Skip(f"{program} is not installed")
        self.path, self.image = stage.path(name), stage.path(name + ".img")
        os.makedirs(self.path)
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        self._run("mkfs.ext4", "-q", "-F", self.image)
        _apart()
        stage.afterwards.append(lambda: detach(self.path))
        try:
            self._mount()
        except stages.Fault as fault:
            _refuse(str(fault))

    def _mount(self):
        self._run("mount", "-o", "loop", self.image, self.path)

    def turn_read_only(self):
        """What the kernel does by itself with errors=remount-ro when the disk below answers with errors."""
        self._run("mount", "-o", "remount,abort", self.path)

    def repair(self):
        """Nobody may have it open."""
        self._run("umount", self.path)
        # 1: errors were corrected.
        self._run("fsck.ext4", "-y", self.image, good=(0, 1))
        self._mount()

    @staticmethod
    def _run(*command, good=(0,)):
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                              timeout=60, env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/sbin:/usr/sbin"})
        if done.returncode not in good:
            raise stages.Fault(f"{' '.join(command)}: {done.stderr[-500:]}")
