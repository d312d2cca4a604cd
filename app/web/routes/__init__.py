"""The JSON routes: parse, call, serialise."""

from fastapi import APIRouter

from . import corpora, corpus_jobs, generate, models, step, train, uploads, views

router = APIRouter(prefix="/api", tags=["api"])
router.include_router(step.router)
router.include_router(views.router)
router.include_router(generate.router)
router.include_router(models.router)
router.include_router(corpus_jobs.router)
router.include_router(corpora.router)
router.include_router(train.router)
router.include_router(uploads.router)
