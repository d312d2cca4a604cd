"""The files an operator starts from agree with the application."""

import re
from pathlib import Path

import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).parent.parent
FILES = ["compose.yaml", "deploy/kubernetes.yaml", "Dockerfile"]


def variables(text: str) -> set[str]:
    return {name.lower() for name in re.findall(r"LSTM_VIZ_([A-Z_]+)", text)}


@pytest.mark.parametrize("name", FILES)
def test_every_variable_that_is_set_is_a_setting(name):
    found = variables((ROOT / name).read_text("utf-8"))
    assert found
    assert found <= set(vars(Settings()))


def test_kubernetes_runs_the_server_without_rights_and_on_a_file_system_it_cannot_write():
    documents = list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text("utf-8")))
    deployment = next(each for each in documents if each["kind"] == "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        assert container[probe]["httpGet"]["path"] == "/healthz"


def test_compose_keeps_the_servers_without_rights_too():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert services["server"]["read_only"]
    assert services["server"]["cap_drop"] == ["ALL"]
    assert "--no-access-log" in services["server"]["command"]


def test_the_proxy_logs_no_query_string():
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    (form,) = re.findall(r"log_format plain ([^;]*);", text)
    logged = set(re.findall(r"\$\w+", form))
    assert "$status" in logged
    assert not {"$request", "$request_uri", "$args", "$query_string", "$http_referer"} & logged
    # in its log of errors the whole address would stand, up to this level
    assert re.findall(r"error_log \S+ (\w+);", text) == ["alert"]
