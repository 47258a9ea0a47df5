"""The first minutes with lamin: real datasets, tracked, labelled, versioned, collected, found and opened again.

Run it in a folder in which `lamin init --storage ./mydir` was run: `python quickstart.py [FILE.h5ad]`.
The data are 700 blood cells of a donor, measured by 10x Genomics, as reduced in the package scanpy.
"""

import shutil
import sys
import warnings
from importlib.metadata import distribution
from pathlib import Path

import lamindb as ln
import pyarrow.compute as pc

warnings.filterwarnings("ignore", category=FutureWarning, module="anndata")  # the file was written by an old anndata


def example_data() -> Path:
    """Return the file named on the command line, else the one that lies in the package scanpy."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    return Path(str(distribution("scanpy").locate_file("scanpy/datasets/10x_pbmc68k_reduced.h5ad")))


def say(text: str) -> None:
    """Print a paragraph that tells what happens next."""
    print(f"\n{text}")


@ln.step()
def tabulate(cells: ln.Artifact, min_genes: int) -> ln.Artifact:
    """Make a table of the types of cells in which enough genes were seen."""
    obs = cells.load().obs[["bulk_labels", "n_genes"]]
    table = obs[obs["n_genes"] >= min_genes].rename_axis("barcode").reset_index()
    description = f"type of each cell with at least {min_genes:,} genes"
    return ln.Artifact.from_dataframe(table, key="blood/cell_types.csv", description=description).save()


def make() -> tuple[ln.Artifact, ln.Artifact]:
    """Make datasets: a file of cells, and two versions of a table."""
    say("1. A file becomes an artifact: it is copied into your storage under a name that never changes content,\n"
        "   and described by a row in your database.")  # fmt: skip
    shutil.copyfile(example_data(), "pbmc68k.h5ad")
    cells = ln.Artifact("pbmc68k.h5ad", key="blood/pbmc68k.h5ad", description="700 cells of one donor, scaled").save()
    print(f"   {cells.key}  {cells.size} bytes  {cells.otype}  uid {cells.uid}")

    say("2. A step makes a table from it: which cell is of which type. What it read and made is noted.")
    types = tabulate(cells, min_genes=0)
    print(f"   {types.key}  {types.size} bytes  uid {types.uid}")

    say("3. The same key with other content is the next version; the first one stays what it was.")
    newer = tabulate(cells, min_genes=1200)
    for version in newer.versions:
        latest = "latest" if version.is_latest else ""
        print(f"   version {version.version}  {version.size:>6} bytes  {version.description}  {latest}")

    say("4. The same content under the same key is not stored twice.")
    again = ln.Artifact("pbmc68k.h5ad", key="blood/pbmc68k.h5ad").save()
    print(f"   the same artifact: {again == cells}")
    return cells, newer


def describe(cells: ln.Artifact, types: ln.Artifact) -> None:
    """Say what the datasets mean, and which belong together."""
    say("5. Labels say what the data mean. A label with a name that exists is that label, so this can run again and again.")
    tissue = ln.ULabel(name="tissue", is_type=True).save()
    labels = [ln.ULabel(name="blood", type=tissue), *(ln.ULabel(name=name) for name in ("10x Genomics", "healthy donor"))]
    ln.save(labels)
    cells.ulabels.add(*labels)
    types.ulabels.add(labels[0])
    print(f"   {cells.key} is labelled {', '.join(cells.ulabels.to_list('name'))}")

    say("6. A collection is an ordered set of artifacts with versions of its own.")
    study = ln.Collection([cells, types], key="blood/study", description="cells of one donor and their types").save()
    print(f"   {study.key}: {', '.join(study.ordered_artifacts.to_list('key'))}")


def find() -> None:
    """Find the datasets and read them, or parts of them."""
    say("8. Find data by what they mean, not by where they are.")
    for found in ln.Artifact.filter(ulabels__name="blood", key__startswith="blood/", is_latest=True):
        print(f"   {found.key}")
    frame = ln.Artifact.filter(key__startswith="blood/").to_dataframe()
    print(frame[["key", "description", "size", "is_latest"]].to_string())

    say("9. Open them again, from anywhere; what does not fit into memory is opened without reading all of it.")
    cells, types = ln.Artifact.get(key="blood/pbmc68k.h5ad"), ln.Artifact.get(key="blood/cell_types.csv")
    monocytes = types.open().to_table(filter=pc.field("bulk_labels") == "CD14+ Monocyte")
    print(f"   {monocytes.num_rows} monocytes in the table")
    opened = cells.open()
    part = opened[opened.obs_names.isin(monocytes["barcode"].to_pylist())].to_memory()
    print(f"   read {part.n_obs} of {opened.n_obs} cells x {part.n_vars} genes")
    opened.file.close()


def main() -> None:
    """Tell the story."""
    ln.track()  # notes this script as what makes the data
    cells, types = make()
    describe(cells, types)

    say("7. Where does the table come from?")
    types.view_lineage(with_children=False)

    find()

    say("10. What is known of a dataset:")
    cells.describe()

    say("11. Deleting moves to the trash first, from which a dataset can be restored.")
    types.delete()
    print(f"   versions that are seen: {ln.Artifact.filter(key='blood/cell_types.csv').count()}")
    types.restore()
    print(f"   after restoring: {ln.Artifact.filter(key='blood/cell_types.csv').count()}")

    ln.finish()
    database = ln.setup.settings.instance
    say(f"All of it is in {database.database_url} and {database.storage.root}, which are yours.")


if __name__ == "__main__":
    main()
