# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page on this machine: nothing of it comes from another one."""

from collections.abc import Awaitable, Callable

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response

from .page import build
from .tagger import Tagger

# Browsers load nothing from anywhere else: no fonts, scripts or pictures.
_FROM_HERE = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


def make_server(tagger: Tagger) -> uvicorn.Server:
    """Return a server of the page of a model.

    Args:
        tagger (`Tagger`): The model.
    """
    app = FastAPI(openapi_url=None)

    @app.middleware("http")
    async def from_here(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = _FROM_HERE
        return response

    app = gr.mount_gradio_app(app, build(tagger), path="", footer_links=[], max_file_size="100mb", ssr_mode=False)
    return uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3))
