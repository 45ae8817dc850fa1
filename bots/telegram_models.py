"""aiogram's models, built when they are first used.

aiogram builds all of its 440 types when it is imported: several seconds of a processor and 100 MB, on every start,
for some twenty that a bridge uses. Its models are declared so that pydantic may build each at its first use; only the
names they refer to each other by must be kept for then.
"""

from typing import Any

from pydantic import BaseModel

_AIOGRAM = "aiogram."
_TYPES = "aiogram.types."
_names: dict[str, Any] = {}


def defer() -> None:
    """Have aiogram imported from now on leave its types unbuilt; done again, or after its import, it does nothing."""
    whole = BaseModel.model_rebuild.__func__  # type: ignore[attr-defined]  # the function under the classmethod
    if whole.__module__ == __name__:
        return

    def model_rebuild(
        cls: type[BaseModel],
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: dict[str, Any] | None = None,
    ) -> bool | None:
        if cls.__module__.startswith(_TYPES) and _types_namespace is not None and not force:
            _names.update(_types_namespace)  # aiogram asks for all of them at the end of its import
            return None
        if _types_namespace is None and _names and any(base.__module__.startswith(_AIOGRAM) for base in cls.__mro__):
            _types_namespace = _names
        built: bool | None = whole(
            cls,
            force=force,
            raise_errors=raise_errors,
            _parent_namespace_depth=_parent_namespace_depth + 1,
            _types_namespace=_types_namespace,
        )
        return built

    BaseModel.model_rebuild = classmethod(model_rebuild)  # type: ignore[method-assign, assignment]
