"""What an installation is made from agrees with the program and with one another: the Dockerfile,
the compose file, the manifests for Kubernetes and the systemd unit."""

import configparser
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import app
from bot.settings import read_settings
from deploy.dockerfile import (
    ROOT,
    Instruction,
    context,
    is_let_through,
    read_patterns,
    read_stages,
    substitute,
    variables,
)
from deploy.image_root import copied
from deploy.licenses import licenses_of
from deploy.prove_image import PYTHON
from operating import probes
from operating.bot import DRAIN_SECONDS


def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def known() -> set[str]:
    """The names that reading the settings asks for."""

    class Asked(dict[str, str | None]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

    asked: set[str] = set()
    read_settings(Asked(GOOD))
    return asked


GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
KNOWN = known()
OF_PYTHON = {"HOME", "PYTHONUNBUFFERED"}
BEFORE, STAGES = read_stages(source("Dockerfile"))
IMAGE = STAGES[-1]
SEEN = context()
ENVIRONMENT = {
    name: value
    for each in IMAGE.instructions
    if each.name == "ENV"
    for name, value in variables(each).items()
}
(VOLUME,) = Instruction("VOLUME", IMAGE.value("VOLUME")).command
COMMAND = Instruction("ENTRYPOINT", IMAGE.value("ENTRYPOINT")).command
COMPOSE: dict[str, Any] = yaml.safe_load(source("compose.yaml"))
OURS: dict[str, Any] = COMPOSE["services"]["askaround"]
KUBERNETES = sorted((ROOT / "deploy/kubernetes").rglob("*.yaml"))
UNIT = configparser.RawConfigParser(strict=False, interpolation=None)
UNIT.read(ROOT / "deploy/askaround.service", encoding="utf-8")


@cache
def manifests(variant: str) -> dict[str, dict[str, Any]]:
    """By kind, those that this variant applies, and the Secret."""
    used = [each for each in KUBERNETES if each.parent.name in ("both", variant, "kubernetes")]
    read = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in used]
    return {each["kind"]: each for each in read}


def pod(variant: str) -> dict[str, Any]:
    return dict(manifests(variant)["Deployment"]["spec"]["template"]["spec"])


def container(variant: str) -> dict[str, Any]:
    (only,) = pod(variant)["containers"]
    return dict(only)


def ports(variant: str) -> dict[str, int]:
    return {each["name"]: each["containerPort"] for each in container(variant)["ports"]}


VARIANTS = pytest.mark.parametrize("variant", ["sqlite", "postgresql"])

# The image


def test_the_base_is_a_tag_with_its_digest_of_the_python_that_is_proven():
    base = BEFORE["BASE"]

    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)
    assert base.startswith(f"python:{PYTHON}.")


def test_every_file_that_is_copied_is_there_and_let_through():
    found = [
        name
        for stage in STAGES
        for each in stage.instructions
        if each.name == "COPY" and not each.value.startswith("--from=")
        for *sources, target in [substitute(each.value, {"LOCK": "requirements.lock"}).split()]
        for name, _ in copied(sources, target, SEEN)
    ]

    assert {"requirements.lock", "app.py", "manifest.yml", "deploy/LICENSES.md"} <= set(found)
    assert len(found) == len(set(found))


def test_a_copy_that_finds_nothing_is_an_error():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(copied(["nowhere"], "nowhere", SEEN))


def packages_of_the_program() -> set[str]:
    """The folders that app.py imports from; the demo's is no part of an installation."""
    imported = re.findall(r"^\s*(?:from|import) (\w+)", source("app.py"), re.MULTILINE)
    return {name for name in imported if (ROOT / name).is_dir()} - {"sandbox"}


def test_the_whole_program_goes_in_and_what_must_not_stays_out():
    copied_whole = {each.words[0] for each in STAGES[1].instructions if each.name == "COPY"}
    program = {
        each.relative_to(ROOT).as_posix()
        for folder in packages_of_the_program()
        for each in (ROOT / folder).rglob("*")
        if each.is_file() and each.suffix != ".pyc"
    }
    outside = [".env", "askaround.db", "bot/.env", "storage/a.db-wal", "sandbox/server.py"]
    outside += ["bot/__pycache__/x.pyc", ".git/config", "tests/test_app.py", "deploy/licenses.py"]

    patterns = read_patterns(source(".dockerignore"))
    assert packages_of_the_program() <= copied_whole
    assert program <= set(SEEN)
    assert [each for each in outside if is_let_through(each, patterns)] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", False), ("b", True), ("b/c/d", True), ("b/c.pyc", False), ("b/x/y.pyc", False)],
)
def test_the_last_line_that_means_a_file_decides(path: str, expected: bool):
    patterns = read_patterns("# all\n*\n!b\n\n**/*.pyc\n")

    assert is_let_through(path, patterns) is expected


def test_the_image_runs_as_nobody_special_from_its_own_packages():
    user = IMAGE.value("USER")
    made = " ".join(each.value for each in IMAGE.instructions if each.name == "RUN")
    number, group = user.split(":")

    assert number == group != "0"
    assert f":x:{number}:{number}::{VOLUME}:" in made
    assert f"-o {number} -g {group} -m 0750 {VOLUME}" in made
    assert f"COPY --from=packages {COMMAND[0].removesuffix('/bin/python')} " in str(
        [f"{each.name} {each.value}" for each in IMAGE.instructions]
    )


def test_what_the_image_sets_is_known_and_leads_into_the_volume():
    settings = read_settings({**GOOD, **ENVIRONMENT})

    assert set(ENVIRONMENT) <= KNOWN | OF_PYTHON
    assert settings.database_url == f"sqlite:///{VOLUME}/askaround.db"
    assert settings.host == settings.watch_host == "0.0.0.0"
    assert IMAGE.value("WORKDIR") == ENVIRONMENT["HOME"] == VOLUME


def test_the_ports_that_the_image_names_are_the_programs():
    settings = read_settings(GOOD)

    assert IMAGE.value("EXPOSE").split() == [str(settings.port), str(settings.watch_port)]


def test_what_the_image_runs_are_commands_of_the_program(capsys: pytest.CaptureFixture[str]):
    asked = Instruction("HEALTHCHECK", IMAGE.value("HEALTHCHECK")).command
    started = Instruction("CMD", IMAGE.value("CMD")).command
    assert asked[:2] == COMMAND

    for command in (asked[2:], started):
        with pytest.raises(SystemExit) as ended:
            app.main([*command, "--help"])
        assert ended.value.code == 0
        assert command[0] in capsys.readouterr().out


def test_every_package_that_is_shipped_has_its_license_on_the_page():
    lock = source("requirements.lock")
    page = source("deploy/LICENSES.md")
    locked = re.findall(
        r"^([\w.-]+)==([\w.]+)( ; .*sys_platform == '(?:win32|emscripten)'.*)?", lock, re.MULTILINE
    )
    listed = re.findall(r"^\| ([\w.-]+) \| (\d[\w.]*) \| .*\w.* \|$", page, re.MULTILINE)

    wanted = {(name, version) for name, version, elsewhere in locked if not elsewhere}
    assert set(listed) == wanted, "make sbom writes the page anew"


def test_a_license_is_said_by_its_short_name():
    said = [
        {"license": {"name": "License :: OSI Approved :: Apache Software License"}},
        {"license": {"name": "declared license of 'x'"}},
    ]

    assert licenses_of({"licenses": said}) == "Apache Software License"
    assert licenses_of({"licenses": [{"expression": "MIT AND PSF-2.0"}]}) == "MIT AND PSF-2.0"


# Compose


def test_the_compose_file_keeps_to_the_image():
    assert set(OURS["environment"]) <= KNOWN | {"POSTGRES_PASSWORD"}
    assert OURS["volumes"] == [f"data:{VOLUME}"]
    assert OURS["read_only"] and OURS["cap_drop"] == ["ALL"] and OURS["tmpfs"] == "/tmp"
    assert "ports" not in OURS, "two replicas cannot have one port of the machine"


def test_without_a_profile_only_the_bot_runs():
    plain = [name for name, each in COMPOSE["services"].items() if "profiles" not in each]

    assert plain == ["askaround"]
    assert OURS["deploy"]["replicas"] == "${REPLICAS:-1}"
    assert OURS["depends_on"]["postgresql"]["required"] is False


def test_services_volumes_and_ports_that_the_compose_file_names_are_there():
    services = COMPOSE["services"]
    used = {
        each.partition(":")[0]
        for service in services.values()
        for each in service.get("volumes", [])
    }
    door = services["door"]["command"][-1]
    database = OURS["environment"]["DATABASE_URL"]

    assert used == set(COMPOSE["volumes"])
    assert door == f"askaround:{read_settings(GOOD).port}"
    assert re.search(r"@(\w+)/", database)[1] in services  # type: ignore[index]
    for name, service in services.items():
        assert name == "askaround" or re.search(r":\d+\.\d+", service["image"]), "a fixed tag"


def test_what_the_compose_file_asks_of_the_env_file_is_said_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", source("compose.yaml")))
    example = source(".env.example")

    assert {name for name in asked - {"IMAGE"} if not re.search(rf"^#?{name}=", example, re.M)} == (
        set()
    )


def test_every_setting_stands_in_the_example():
    example = source(".env.example")
    said = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    elsewhere = {each for each in KNOWN if each.islower()} | {"HTTP_PROXY", "SLACK_API_URL"}

    assert KNOWN - elsewhere <= said


# Kubernetes


@VARIANTS
def test_a_pod_is_the_images_user_and_may_do_nothing_else(variant: str):
    number = int(IMAGE.value("USER").partition(":")[0])
    of_pod, of_container = pod(variant)["securityContext"], container(variant)["securityContext"]

    assert {of_pod[each] for each in ("runAsUser", "runAsGroup", "fsGroup")} == {number}
    assert of_pod["runAsNonRoot"] is True
    assert of_container["readOnlyRootFilesystem"] is True
    assert of_container["allowPrivilegeEscalation"] is False
    assert of_container["capabilities"] == {"drop": ["ALL"]}


@VARIANTS
def test_probes_ask_where_the_program_answers(variant: str):
    asked = [each["httpGet"] for name, each in container(variant).items() if name.endswith("Probe")]
    ready = container(variant)["readinessProbe"]

    assert len(asked) == 3
    assert {each["path"] for each in asked} <= {probes.ALIVE, probes.READY}
    assert ready["httpGet"]["path"] == probes.READY
    assert ready["timeoutSeconds"] > probes.ANSWERS_WITHIN
    assert {each["port"] for each in asked} == {"watch"}


@VARIANTS
def test_ports_are_the_same_from_the_setting_to_the_service(variant: str):
    data = manifests(variant)["ConfigMap"]["data"]
    settings = read_settings({**GOOD, **data})
    leads = manifests(variant)["Service"]["spec"]["ports"]
    notes = manifests(variant)["Deployment"]["spec"]["template"]["metadata"]["annotations"]

    assert ports(variant) == {"http": settings.port, "watch": settings.watch_port}
    assert settings.host == settings.watch_host == "0.0.0.0", "probes come from outside the pod"
    assert {each["targetPort"] for each in leads} <= set(ports(variant))
    assert notes["prometheus.io/port"] == str(settings.watch_port)
    assert notes["prometheus.io/path"] == probes.METRICS


@VARIANTS
def test_variables_are_settings(variant: str):
    kinds = manifests(variant)
    named = {each["name"] for each in container(variant)["env"]}

    assert named | set(kinds["ConfigMap"]["data"]) | set(kinds["Secret"]["stringData"]) <= KNOWN


@VARIANTS
def test_names_lead_to_what_they_name(variant: str):
    kinds = manifests(variant)
    spec = kinds["Deployment"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    volumes = {each["name"] for each in pod(variant)["volumes"]}
    taken = [next(iter(each.values()))["name"] for each in container(variant)["envFrom"]]

    assert spec["selector"]["matchLabels"] == labels == kinds["Service"]["spec"]["selector"]
    assert taken == [kinds["ConfigMap"]["metadata"]["name"], kinds["Secret"]["metadata"]["name"]]
    assert {each["name"] for each in container(variant)["volumeMounts"]} == volumes
    assert container(variant)["volumeMounts"][0]["mountPath"] == VOLUME


def test_sqlite_is_one_replica_with_a_volume_that_stops_before_the_next_starts():
    kinds = manifests("sqlite")
    spec = kinds["Deployment"]["spec"]
    (database,) = container("sqlite")["env"]

    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert database["value"] == ENVIRONMENT["DATABASE_URL"]
    assert pod("sqlite")["volumes"][0]["persistentVolumeClaim"] == {
        "claimName": kinds["PersistentVolumeClaim"]["metadata"]["name"]
    }
    assert "PodDisruptionBudget" not in kinds


def test_postgresql_is_two_replicas_that_never_start_without_an_address():
    kinds = manifests("postgresql")
    spec = kinds["Deployment"]["spec"]
    (database,) = container("postgresql")["env"]

    assert spec["replicas"] == 2
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert database["valueFrom"]["secretKeyRef"] == {"name": "askaround", "key": "DATABASE_URL"}
    selector = kinds["PodDisruptionBudget"]["spec"]["selector"]
    assert selector == spec["selector"]
    assert "PersistentVolumeClaim" not in kinds


# All of them


def test_who_stops_it_waits_until_what_runs_has_ended():
    unit, compose = UNIT["Service"]["TimeoutStopSec"], OURS["stop_grace_period"]
    pods = {pod(variant)["terminationGracePeriodSeconds"] for variant in ("sqlite", "postgresql")}

    waits = {int(unit), int(compose.removesuffix("s")), *pods}

    assert len(waits) == 1
    assert waits.pop() > 3 * DRAIN_SECONDS  # the door, its requests, what is owed


def test_the_unit_runs_what_the_image_runs():
    service = UNIT["Service"]
    started = service["ExecStart"].split()
    folder = f"/var/lib/{service['StateDirectory']}"

    assert [each for each in started if each != "-B"] == [*COMMAND, "run"]
    assert service["WorkingDirectory"] == folder
    assert f"DATABASE_URL=sqlite:///{folder}/askaround.db " in service["Environment"]
    assert service["ProtectSystem"] == "strict"


def test_the_unit_does_not_try_again_what_a_person_has_to_mend(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "wrong")

    assert str(app.main(["run"])) == UNIT["Service"]["RestartPreventExitStatus"]


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.stem)
def test_each_manifest_says_for_which_variant_it_is(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    names = {"both": "Both", "kubernetes": "Both", "sqlite": "SQLite", "postgresql": "PostgreSQL"}

    assert first.startswith(f"# {names[path.parent.name]}")
