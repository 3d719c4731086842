"""Write docs/_static/schemas: what files of this library hold, for programs that check them."""

import json
from pathlib import Path

from thbstats.claims import SCHEMA_VERSION as CLAIMS_VERSION
from thbstats.claims import claims_schema
from thbstats.collection import plan_schema
from thbstats.collection.plans import SCHEMA_VERSION as PLAN_VERSION
from thbstats.files.table_schemas import SCHEMA_VERSION, json_schema, table_schema
from thbstats.panel import PanelSchema, panel_schema
from thbstats.records import KINDS

FOLDER = Path(__file__).parent / "_static" / "schemas"


def schemas() -> dict[str, str]:
    """Return the text of each file by its name."""
    found = {f"thbstats-{SCHEMA_VERSION}.schema.json": json_schema()}
    found |= {f"{kind}-{SCHEMA_VERSION}.table-schema.json": table_schema(kind) for kind in KINDS}
    found["panel-1.schema.json"] = panel_schema()
    found["panel-frame-1.schema.json"] = PanelSchema(keys=["area", "period"]).to_json_schema()
    found[f"claims-{CLAIMS_VERSION}.schema.json"] = claims_schema()
    found[f"plan-{PLAN_VERSION}.schema.json"] = plan_schema()
    return {
        name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in found.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
