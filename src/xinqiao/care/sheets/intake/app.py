"""The ASGI application that pupils reach: `granian --interface asgi xinqiao.care.sheets.intake.app:app`.

Everything under /s/ is answered here; everything else is forwarded to the staff's web server.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

GC_THRESHOLDS = (20_000, 20, 20)  # objects, and rounds; a sheet leaves no cycles behind
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Intake:
    """Starts the writer with the server, and stops it after the last receipt."""

    def __init__(self) -> None:
        self._started: asyncio.Lock | None = None
        self._routes: Any = None
        self._writer: Any = None
        self._forward: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if self._routes is None:
                await self._start()
            is_pupils = scope["path"] == "/s" or scope["path"].startswith("/s/")
            await (self._routes if is_pupils else self._forward)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> None:
        self._started = self._started or asyncio.Lock()
        async with self._started:
            if self._routes is None:
                self._build()

    def _build(self) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
        import django
        from django.apps import apps

        if not apps.ready:
            django.setup()
        from django.conf import settings

        from xinqiao.care.sheets.intake.forward import Forward
        from xinqiao.care.sheets.intake.routes import Routes
        from xinqiao.care.sheets.intake.work import Desk
        from xinqiao.care.sheets.intake.writer import Writer
        from xinqiao.foundation.keys.ring import ring

        _read_policy()
        secrets = ring().secrets
        desk = Desk(tickets_secret=secrets["tickets"], index_secret=secrets["index"])
        self._writer = self.make_writer(Writer, settings.DATABASES["default"], desk)
        self._writer.start(asyncio.get_running_loop())
        self._forward = Forward(os.environ.get("XINQIAO_WEB", ""), is_https=settings.ENVIRONMENT.https)
        self._routes = Routes(desk, self._writer)
        _settle_memory()

    def make_writer(self, kind: Any, database: Any, desk: Any) -> Any:
        """Return the writer; a seam for those who embed the intake."""
        return kind(database, desk)

    async def _stop(self) -> None:
        if self._writer is not None:
            await asyncio.to_thread(self._writer.stop)
            await self._forward.close()


def _settle_memory() -> None:
    """Leave what was loaded at the start out of the garbage collector's rounds, and let it come round less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def _read_policy() -> None:
    """Read the policy files before the first pupil comes, so that none waits for it."""
    from xinqiao.register.policy.loading import BadPack, packs

    try:
        packs()
    except (BadPack, OSError) as error:
        logging.getLogger("xinqiao.intake").warning("the policy cannot be read (%s)", type(error).__name__)


app = Intake()
