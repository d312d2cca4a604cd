"""`POST /api/models` and what can be done with a model that is one's own."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from ...core.errors import BadInput, NotFound, SwitchedOff
from ...core.model import Model
from ...core.modelfile import to_bytes
from ...importers import OPTIONS
from ...importers.fidelity import compared
from ...importers.vocabulary import read_text
from ...jobs.file_reading import FileReaders, FileRequest
from ...service.summaries import own_row
from ...settings import Settings
from ...storage.directory import faults_named
from ...storage.names import READING, new_owner
from ...storage.registry import Registry
from ...storage.visitor_models import GONE
from ..find_model import find_model
from ..forms import is_form, open_form
from ..lane import Lane
from ..responses import FAULTS, Pieces, cut, json_response
from ..schemas.basic import Fault
from ..schemas.models import Change, ChangedModel, ImportedModel

MIB = 1024 * 1024
MAX_FIELD = 8 * MIB
MAX_FILES = 66
"""A TensorFlow.js model of 128 MiB has its weights in as many pieces, and a vocabulary beside."""
FIELDS = ("file", "vocabulary", "title", "labels", "options")

router = APIRouter(tags=["your own models"])

ModelId = Annotated[str, Path(description="Either name of a model, or a public one's id")]
OwnerId = Annotated[str, Path(description="The `id` that POST /api/models answered")]
_UPLOAD: dict[int | str, dict[str, Any]] = {
    403: {"model": Fault, "description": "From another site's page, or uploads are switched off"},
    415: {"model": Fault, "description": "No model file that is read; says what it is"},
    429: {"model": Fault, "description": "Too many files at a time; try again"},
    503: {"model": Fault, "description": "The server cannot keep models now"},
}
_TEXT = {"type": "string"}
NOT_YOURS = "Everybody's, a name for reading alone, or from another site's page"


@router.post(
    "/models",
    status_code=201,
    response_model=ImportedModel,
    responses={k: FAULTS[k] for k in (413, 422)} | _UPLOAD,
    summary="Bring a trained model: Keras, PyTorch, ONNX",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            "file": {
                                "type": "array",
                                "items": {"type": "string", "format": "binary"},
                                "description": (
                                    "One model file; or several that are one model, such as the "
                                    "JSON of model.to_json() and its weights"
                                ),
                            },
                            "vocabulary": _TEXT
                            | {
                                "description": "JSON list or map, Keras Tokenizer, or a word a line"
                            },
                            "title": _TEXT,
                            "labels": _TEXT | {"description": "JSON list, or one a line"},
                            "options": _TEXT
                            | {
                                "description": (
                                    "JSON object with what the file does not say: "
                                    + ", ".join(OPTIONS)
                                )
                            },
                        },
                    }
                }
            },
        }
    },
)
async def upload(request: Request) -> Response:
    """Read a file of Keras, PyTorch or ONNX: `.keras`, `.h5`, `.pt`, `.safetensors`, `.onnx`...

    The model is listed nowhere. The answer's `id` is its owner's name for it, by which it is read,
    renamed and deleted; its `reading_id` opens it for reading alone, and can be given to others.
    """
    settings: Settings = request.app.state.settings
    if not settings.uploads:
        raise SwitchedOff("Uploads are switched off on this server. Run your own to bring models.")
    if not is_form(request):
        raise BadInput("Send the file in a form (multipart/form-data), in the field file.")
    async with open_form(
        request, max_files=MAX_FILES, max_fields=len(FIELDS), max_part_size=MAX_FIELD
    ) as form:
        files = form.getlist("file")
        given = [file for file in files if isinstance(file, UploadFile)]
        if not given or len(given) < len(files):
            raise BadInput("Send the model's file in the field file.")
        texts = await _texts(form)
        model, owner = await run_in_threadpool(_bring, given, texts, request)
    row = own_row(model, owner) | {"detected": model.card["detected"]}
    return json_response(row, 201, {"Location": f"/api/models/{owner}"})


async def _texts(form: FormData) -> dict[str, str]:
    """The other fields, each of which may be a file too."""
    texts = {}
    for name, value in form.multi_items():
        if name not in FIELDS:
            raise BadInput(f"There is no field {name[:40]!r}. The fields are: {', '.join(FIELDS)}.")
        if name in texts:
            raise BadInput(f"The field {name} is given twice. Give it once.")
        if name == "file":
            continue
        if isinstance(value, UploadFile):
            data = await value.read(MAX_FIELD + 1)
            if len(data) > MAX_FIELD:
                raise BadInput(f"The field {name} has more than {MAX_FIELD:,} bytes.")
            value = read_text(data, f"The field {name}")
        texts[name] = value
    return texts


def _bring(
    files: Sequence[UploadFile], texts: dict[str, str], request: Request
) -> tuple[Model, str]:
    """Have the files of one model read, and keep it. Returns it with its owner's name."""
    readers: FileReaders = request.app.state.readers
    registry: Registry = request.app.state.registry
    owner = new_owner()
    written = registry.visitor_models.unfinished(owner)
    options = texts.pop("options", "")
    settings: Settings = request.app.state.settings
    names = tuple((file.filename or "")[:100] for file in files)
    limits = (settings.max_tokens, settings.max_numbers)
    wanted = FileRequest(names, str(written), options, texts, limits)
    with faults_named():
        readers.read(wanted, [_view(file.file) for file in files])
    return registry.visitor_models.take(written, owner, _visitor(request)), owner


def _visitor(request: Request) -> str:
    """Who asks, as far as the address tells it; kept in memory alone."""
    return request.client.host if request.client else ""


def _view(file: BinaryIO) -> memoryview:
    """The file's bytes, where they are: on disk, if they are many."""
    if isinstance(file, tempfile.SpooledTemporaryFile):
        file.rollover()
    file.seek(0, 2)
    if file.tell() == 0:
        return memoryview(b"")
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


@router.get(
    "/models/{id}/file",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "A .safetensors file"},
        404: FAULTS[404],
    },
    summary="A model as a file, which can be brought back",
)
async def download(request: Request, id: ModelId) -> Response:
    """Weights, configuration, vocabulary and labels in one `.safetensors`."""
    model = await find_model(request, id)
    headers = {
        "Content-Disposition": f'attachment; filename="{model.id}.safetensors"',
        "Content-Type": "application/octet-stream",
    }
    lane: Lane = request.app.state.lane
    return await lane.make(request, lambda: Pieces(cut(to_bytes(model)), headers))


@router.patch(
    "/models/{id}",
    response_model=ChangedModel,
    responses={
        404: FAULTS[404],
        422: FAULTS[422],
        403: {"model": Fault, "description": NOT_YOURS},
    },
    summary="Rename a model that you brought or trained, or keep what came of a comparison",
)
async def change(request: Request, id: OwnerId, wanted: Change) -> Response:
    """Everything else stays as it is, its names too."""
    registry, model = _owned(request, id), None
    if wanted.title is None and wanted.compared is None:
        raise BadInput("Send a title, or what came of a comparison in compared.")
    if wanted.title is not None:
        model = await run_in_threadpool(registry.rename, id, wanted.title)
    if wanted.compared is not None and (wanted.title is None or model is not None):
        found = registry.visitor_models.get(id)
        if found is not None and found.provenance.get("kind") != "imported":
            raise BadInput("Only a model that was brought is compared with a framework.")
        words = compared(**wanted.compared.model_dump())
        model = await run_in_threadpool(registry.compare, id, words)
    if model is None:
        raise NotFound(GONE)
    more = {"detected": model.card["detected"]} if "detected" in model.card else {}
    return json_response(own_row(model, id) | more)


@router.delete(
    "/models/{id}",
    status_code=204,
    response_class=Response,
    responses={404: FAULTS[404], 403: {"model": Fault, "description": NOT_YOURS}},
    summary="Remove a model that you brought or trained",
)
async def delete(request: Request, id: OwnerId) -> Response:
    """It is gone for good, from every server at once."""
    registry = _owned(request, id)
    if not await run_in_threadpool(registry.remove, id):
        raise NotFound(GONE)
    return Response(status_code=204)


def _owned(request: Request, model_id: str) -> Registry:
    """The registry, for whoever may change this model."""
    registry: Registry = request.app.state.registry
    if model_id in registry.models:
        raise SwitchedOff(f"The model {model_id} comes with the server and stays as it is.")
    if READING.fullmatch(model_id):
        raise SwitchedOff(
            "This is the name that a model is read under. It is changed by the id that was "
            "answered when it was brought or trained."
        )
    return registry
