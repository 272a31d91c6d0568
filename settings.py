"""Settings of the product, read once from the environment (prefix ``TILANNEHUONE_``)."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")


class Settings(BaseSettings):
    """Environment variables and their defaults; every path is absolute after loading."""

    model_config = SettingsConfigDict(env_prefix="TILANNEHUONE_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = ROOT / "data" / "var"
    statfin_url: HttpUrl = HttpUrl("https://pxdata.stat.fi/PxWeb/api/v1")
    visitfinland_url: HttpUrl = HttpUrl("https://visitfinland.stat.fi/PXWeb/api/v1")
    eurostat_url: HttpUrl = HttpUrl("https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0")
    ssb_url: HttpUrl = HttpUrl("https://data.ssb.no/api/pxwebapi/v2")
    sotkanet_url: HttpUrl = HttpUrl("https://sotkanet.fi/rest/1.1")
    geo_url: HttpUrl = HttpUrl("https://geo.stat.fi/geoserver/tilastointialueet/wfs")
    kipa_url: HttpUrl = HttpUrl("https://api.ahtp.fi/kipa/p67/v2")
    kipa_key: SecretStr | None = None
    kipa_token: SecretStr | None = None
    language: Language = "fi"
    region: str = "MK19"
    port: Annotated[int, Field(ge=1, le=65535)] = 8501
    maintenance: bool = False

    @field_validator("data_dir")
    @classmethod
    def _home(cls, path: Path) -> Path:
        return path.expanduser()

    @property
    def snapshots_dir(self) -> Path:
        return self.data_dir.resolve() / "snapshots"

    @property
    def raw_dir(self) -> Path:
        return self.data_dir.resolve() / "raw"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process; ends it with a message for a person when one of them cannot be used.

    Tests call ``get_settings.cache_clear()`` after changing the environment.
    """
    try:
        return Settings()
    except ValidationError as problem:
        lines = [f"TILANNEHUONE_{str(error['loc'][0]).upper()}: {error['msg']}" for error in problem.errors()]
        raise SystemExit("\n".join(lines)) from None
