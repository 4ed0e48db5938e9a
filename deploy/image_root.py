"""Building the root of our image without a container runtime: what the Dockerfile says is done in
layers over the root of a base, as a runtime would. It takes Linux and root; mounts are made, so
the process must have a mount namespace of its own."""

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from deploy.dockerfile import (
    DOCKERFILE,
    ROOT,
    Instruction,
    Stage,
    argument,
    context,
    read_stages,
    substitute,
    variables,
)

# The package index is reached as on this machine; a build sees no more of the environment.
PASSED_ON = ("PIP_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
SHARED = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/dev", "/proc")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Built:
    """A stage: the layers it consists of, topmost first, and where they are mounted as one."""

    stage: Stage
    layers: list[Path]
    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    directory: str = "/"

    @property
    def layer(self) -> Path:
        """What this stage added."""
        return self.layers[0]

    def inside(self, path: str) -> Path:
        return self.root / str(PurePosixPath("/", self.directory, path)).lstrip("/")


def build(folder: Path, base: Path, given: Mapping[str, str]) -> Built:
    """The last stage, built in this folder over the base's root. `given`: arguments."""
    before, stages = read_stages((ROOT / DOCKERFILE).read_text(encoding="utf-8"))
    done: dict[str, Built] = {}
    for number, stage in enumerate(stages):
        below = done.get(stage.base)
        built = mount_stage(folder / str(number), stage, below.layers if below else [base])
        if below:
            built.environment |= below.environment
        known = {**before, **given}
        for each in stage.instructions:
            follow(each, built, known, given, done)
        done[stage.name] = built
    return done[""]


def mount_stage(folder: Path, stage: Stage, below: list[Path]) -> Built:
    layer, work, root = (folder / name for name in ("layer", "work", "root"))
    for each in (layer, work, root):
        each.mkdir(parents=True)
    mount_layers(root, below, f"upperdir={layer},workdir={work}")
    return Built(stage, [layer, *below], root)


def mount_layers(root: Path, layers: list[Path], *options: str) -> None:
    lower = "lowerdir=" + ":".join(map(str, layers))
    mount("-t", "overlay", "overlay", "-o", ",".join([lower, *options]), str(root))


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def follow(
    each: Instruction,
    built: Built,
    known: dict[str, str],
    given: Mapping[str, str],
    done: Mapping[str, Built],
) -> None:
    if each.name == "ARG":
        name, default = argument(each)
        known[name] = given.get(name, default)
        built.environment[name] = known[name]
    elif each.name == "ENV":
        built.environment |= variables(each)
    elif each.name == "WORKDIR":
        built.directory = each.value
        built.inside(".").mkdir(parents=True, exist_ok=True)
    elif each.name == "COPY":
        copy(substitute(each.value, known).split(), built, done)
    elif each.name == "RUN":
        run(each.value, built)


def copy(words: list[str], built: Built, done: Mapping[str, Built]) -> None:
    if words[0].startswith("--from="):
        source = done[words[0].removeprefix("--from=")]
        shutil.copytree(
            source.inside(words[1]), built.inside(words[2]), symlinks=True, dirs_exist_ok=True
        )
        return
    *sources, target = words
    for name, to in copied(sources, target, context()):
        built.inside(to).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, built.inside(to))


def copied(sources: list[str], target: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Each file that a COPY takes from the context, and where it goes."""
    for source in sources:
        taken = [name for name in names if name == source or name.startswith(f"{source}/")]
        if not taken:
            raise FileNotFoundError(f"{source}: .dockerignore lets nothing of it through")
        for name in taken:
            if name != source:
                yield name, target + name.removeprefix(source)
            else:
                yield name, target + (Path(name).name if target.endswith("/") else "")


def run(command: str, built: Built) -> None:
    """In the stage's root, with the network of this machine."""
    shared = [each for each in SHARED if Path(each).exists()]
    for each in shared:
        there = built.root / each.lstrip("/")
        if Path(each).is_dir():
            there.mkdir(parents=True, exist_ok=True)
        else:
            there.touch()
        mount("--rbind", each, str(there))
    passed = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
    cd = f"cd {built.directory} && {command}"
    try:
        subprocess.run(
            ["chroot", str(built.root), "/bin/sh", "-c", cd],
            env=passed | built.environment,
            check=True,
        )
    finally:
        for each in reversed(shared):
            subprocess.run(["umount", "-l", str(built.root / each.lstrip("/"))], check=True)


def fingerprint(folder: Path) -> str:
    """Of every name, kind, mode, owner and content in it; times are the runtime's to rewrite."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        parts = [str(path.relative_to(folder)), f"{about.st_mode:o} {about.st_uid} {about.st_gid}"]
        if stat.S_ISLNK(about.st_mode):
            parts.append(str(path.readlink()))
        elif stat.S_ISREG(about.st_mode):
            parts.append(hashlib.sha256(path.read_bytes()).hexdigest())
        found.update("\0".join(parts).encode() + b"\n")
    return found.hexdigest()
