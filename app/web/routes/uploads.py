"""`POST /api/models` and what can be done with a model that is one's own."""

from __future__ import annotations

import mmap
import tempfile
import threading
from collections.abc import Sequence
from typing import Annotated, Any, BinaryIO

import orjson
from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from ...core.errors import BadInput, Busy, NotFound, SwitchedOff
from ...core.model import Model
from ...core.modelfile import to_bytes
from ...importers import OPTIONS, Imported, Options, read_files
from ...importers.naming import as_model, detected
from ...importers.vocabulary import read_text
from ...service.inputs import check_limits
from ...settings import Settings
from ...storage.registry import Registry
from ...storage.visitor_models import new_id
from ..find_model import find_model
from ..forms import is_form, open_form
from ..lane import Lane
from ..responses import FAULTS, Pieces, cut, json_response
from ..schemas import Fault, ImportedModel, ModelRow, Renaming
from .models import model_row

MIB = 1024 * 1024
MAX_FIELD = 8 * MIB
MAX_FILES = 66
"""A TensorFlow.js model of 128 MiB has its weights in as many pieces, and a vocabulary beside."""
FIELDS = ("file", "vocabulary", "title", "labels", "options")
READING = threading.BoundedSemaphore(2)
"""How many model files are read at a time, each of which may take some hundred MiB of memory."""

router = APIRouter(tags=["your own models"])

ModelId = Annotated[str, Path(description="The id that POST /api/models answered")]
_UPLOAD: dict[int | str, dict[str, Any]] = {
    403: {"model": Fault, "description": "From another site's page, or uploads are switched off"},
    415: {"model": Fault, "description": "No model file that is read; says what it is"},
    429: {"model": Fault, "description": "Too many files at a time; try again"},
}
_TEXT = {"type": "string"}


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

    The answer's id is the only way to the model: it is listed nowhere.
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
        registry: Registry = request.app.state.registry
        found, model = await run_in_threadpool(_read, given, texts, settings)
        model = await run_in_threadpool(registry.add, model)
    answer = json_response(model_row(model) | {"detected": detected(found)}, 201)
    answer.headers["Location"] = f"/api/models/{model.id}"
    return answer


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


def _read(
    files: Sequence[UploadFile], texts: dict[str, str], settings: Settings
) -> tuple[Imported, Model]:
    """Read the file, or the files that are one model, and make a model of it."""
    if not READING.acquire(blocking=False):
        raise Busy("Other model files are being read. Try again in some seconds.")
    try:
        named = [((file.filename or "")[:100], _view(file.file)) for file in files]
        name = named[0][0]
        found = read_files(named, _options(texts.get("options", "")))
        check_limits(found.network, settings)
        names = {key: texts.get(key, "") for key in ("vocabulary", "labels", "title")}
        return found, as_model(found, new_id(), name, **names)
    finally:
        READING.release()


def _view(file: BinaryIO) -> memoryview:
    """The file's bytes, where they are: on disk, if they are many."""
    if isinstance(file, tempfile.SpooledTemporaryFile):
        file.rollover()
    file.seek(0, 2)
    if file.tell() == 0:
        return memoryview(b"")
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _options(text: str) -> Options:
    if not text.strip():
        return {}
    try:
        options = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput("The field options is not valid JSON.") from None
    if not isinstance(options, dict) or options.keys() - set(OPTIONS):
        raise BadInput(
            f"The field options must be an object with some of {', '.join(sorted(OPTIONS))}."
        )
    return options


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
    response_model=ModelRow,
    responses={
        404: FAULTS[404],
        422: FAULTS[422],
        403: {"model": Fault, "description": "It is everybody's, or from another site's page"},
    },
    summary="Rename a model that you brought or trained",
)
async def rename(request: Request, id: ModelId, wanted: Renaming) -> Response:
    """Everything else stays as it is, its id and address too."""
    registry: Registry = request.app.state.registry
    if id in registry.models:
        raise SwitchedOff(f"The model {id} comes with the server and keeps its name.")
    model = await run_in_threadpool(registry.rename, id, wanted.title)
    if model is None:
        raise NotFound("There is no such model: perhaps it has been removed already.")
    return json_response(model_row(model))


@router.delete(
    "/models/{id}",
    status_code=204,
    response_class=Response,
    responses={404: FAULTS[404], 403: {"model": Fault, "description": "It is everybody's"}},
    summary="Remove a model that you brought or trained",
)
async def delete(request: Request, id: ModelId) -> Response:
    """It is gone for good."""
    registry: Registry = request.app.state.registry
    if id in registry.models:
        raise SwitchedOff(f"The model {id} comes with the server and stays.")
    if not await run_in_threadpool(registry.remove, id):
        raise NotFound("There is no such model: perhaps it has been removed already.")
    return Response(status_code=204)
