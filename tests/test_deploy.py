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


def test_a_cluster_that_builds_corpora_has_no_rights_either():
    documents = list(yaml.safe_load_all((ROOT / "deploy/dask.yaml").read_text("utf-8")))
    kinds = {each["metadata"]["name"]: each for each in documents if each["kind"] != "Service"}
    for name, document in kinds.items():
        spec = document["spec"]
        template = spec["jobTemplate"]["spec"] if name == "corpus-build" else spec
        pod = template["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert set(kinds) == {"dask-scheduler", "dask-worker", "corpus-build"}


def test_compose_keeps_the_servers_without_rights_too():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert services["server"]["read_only"]
    assert services["server"]["cap_drop"] == ["ALL"]
    assert "--no-access-log" in services["server"]["command"]


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
def test_a_server_that_is_published_bare_bounds_heads_and_waits(name):
    text = (ROOT / name).read_text("utf-8")
    (command,) = re.findall(r"uvicorn.*?app\.main:app.*?(?:\n    volumes|\])", text, re.S)
    assert re.search(r'--http[", ]+app\.web\.protocol:BoundedProtocol', command)


def test_the_proxy_hands_nothing_on_that_may_have_killed_a_server():
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    handed_on = re.findall(r"proxy_next_upstream ([^;]*);", text)
    assert handed_on == ["error"]  # neither "timeout" nor "non_idempotent"
    (tries,) = re.findall(r"proxy_next_upstream_tries (\d+);", text)
    assert int(tries) <= 2
    assert re.search(r"proxy_next_upstream_timeout \d+s;", text)


def test_the_proxy_bounds_heads_bodies_and_waits():
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    for bound in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        (seconds,) = re.findall(rf"{bound} (\d+)s;", text)
        assert int(seconds) <= 30
    assert re.search(r"large_client_header_buffers 4 8k;", text)
    sizes = sorted(int(size) for size in re.findall(r"client_max_body_size (\d+)m;", text))
    settings = Settings()
    limits = [
        settings.max_body,
        settings.max_inputs_body,
        settings.max_corpus_body,
        settings.max_training_body,
        settings.max_upload,
    ]
    # a little more than the server reads, which says what is wrong
    assert sizes == [limit // 2**20 + 1 for limit in limits]


def test_the_proxy_logs_no_query_string():
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    (form,) = re.findall(r"log_format plain ([^;]*);", text)
    logged = set(re.findall(r"\$\w+", form))
    assert "$status" in logged
    assert not {"$request", "$request_uri", "$args", "$query_string", "$http_referer"} & logged
    # in its log of errors the whole address would stand, up to this level
    assert re.findall(r"error_log \S+ (\w+);", text) == ["alert"]
