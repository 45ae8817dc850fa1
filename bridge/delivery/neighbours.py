"""Whether other processes work on the same store: then hints may be lost, and what they wrote has to be looked for."""

from datetime import datetime, timedelta

from bridge.model.ids import fresh
from bridge.model.lanes import IDLE
from bridge.ports import Clock
from bridge.ports.stores import Store

#: Where each process writes its name as soon as it reads another's.
KEY = "process"
#: A process that was not read of for so long is gone.
GONE = timedelta(seconds=10)


class Neighbours:
    """The other processes, as one tells them: it reads a name there that is not its own again and again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._me = fresh()
        self._read_at: datetime | None = None

    async def there(self) -> bool:
        """Look once, to be done every second; alone, it costs one read. Raises StoreDown."""
        value = await self._store.journal.value(KEY)
        name = None if value is None else value.get("name")
        now = self._clock.now()
        if name != self._me:
            await self._store.journal.put_value(KEY, {"name": self._me}, IDLE)
            if name is not None:
                self._read_at = now
        return self._read_at is not None and now - self._read_at < GONE
