"""The first minutes with lamin: two real datasets, labelled, versioned, found and opened again.

Run it in a folder in which `lamin init --storage ./mydir` was run: `python quickstart.py [FILE.h5ad]`.
The data are 700 blood cells of a donor, measured by 10x Genomics, as reduced in the package scanpy.
"""

import shutil
import sys
import warnings
from importlib.metadata import distribution
from pathlib import Path

import anndata
import lamindb as ln

warnings.filterwarnings("ignore", category=FutureWarning, module="anndata")  # the file was written by an old anndata


def example_data() -> Path:
    """Return the file named on the command line, else the one that lies in the package scanpy."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    return Path(str(distribution("scanpy").locate_file("scanpy/datasets/10x_pbmc68k_reduced.h5ad")))


def say(text: str) -> None:
    """Print a paragraph that tells what happens next."""
    print(f"\n{text}")


def main() -> None:
    """Tell the story."""
    ln.track()  # notes this script as what makes the data
    say("1. A file becomes an artifact: it is copied into your storage under a name that never changes content,\n"
        "   and described by a row in your database.")  # fmt: skip
    shutil.copyfile(example_data(), "pbmc68k.h5ad")
    cells = ln.Artifact("pbmc68k.h5ad", key="blood/pbmc68k.h5ad", description="700 cells of one donor, scaled").save()
    print(f"   {cells.key}  {cells.size} bytes  {cells.otype}  uid {cells.uid}")

    say("2. A table made from it: which cell is of which type.")
    table = anndata.read_h5ad("pbmc68k.h5ad").obs[["bulk_labels", "n_genes"]]
    table.to_csv("cell_types.csv")
    types = ln.Artifact("cell_types.csv", key="blood/cell_types.csv", description="type and number of genes of each cell").save()
    print(f"   {types.key}  {types.size} bytes  uid {types.uid}")

    say("3. Labels say what the data mean. A label with a name that exists is that label, so this can run again and again.")
    tissue = ln.ULabel(name="tissue", is_type=True).save()
    labels = [ln.ULabel(name="blood", type=tissue), *(ln.ULabel(name=name) for name in ("10x Genomics", "healthy donor"))]
    ln.save(labels)
    cells.ulabels.add(*labels)
    types.ulabels.add(labels[0])
    print(f"   {cells.key} is labelled {', '.join(cells.ulabels.to_list('name'))}")

    say("4. The table changes. The same key with other content is the next version; the first one stays what it was.")
    table[table["n_genes"] > 1200].to_csv("cell_types.csv")
    newer = ln.Artifact("cell_types.csv", key="blood/cell_types.csv", description="cells with more than 1,200 genes").save()
    newer.ulabels.add(labels[0])
    for version in newer.versions:
        latest = "latest" if version.is_latest else ""
        print(f"   version {version.version}  {version.size:>6} bytes  {version.description}  {latest}")

    say("5. The same content under the same key is not stored twice.")
    again = ln.Artifact("cell_types.csv", key="blood/cell_types.csv").save()
    print(f"   the same artifact: {again == newer}")

    say("6. Find data by what they mean, not by where they are.")
    for found in ln.Artifact.filter(ulabels__name="blood", key__startswith="blood/", is_latest=True):
        print(f"   {found.key}")
    print(ln.Artifact.to_dataframe()[["key", "description", "size", "is_latest"]].to_string())

    say("7. Open them again, from anywhere: the database knows where the bytes are.")
    adata = ln.Artifact.get(key="blood/pbmc68k.h5ad").load()
    print(f"   {adata.n_obs} cells x {adata.n_vars} genes")
    frame = ln.Artifact.get(key="blood/cell_types.csv").load(index_col=0)
    print(f"   {len(frame)} cells; most common: {frame['bulk_labels'].mode()[0]}")

    say("8. What is known of a dataset:")
    cells.describe()

    say("9. Deleting moves to the trash first, from which a dataset can be restored.")
    types.delete()
    print(f"   versions that are seen: {ln.Artifact.filter(key='blood/cell_types.csv').count()}")
    types.restore()
    print(f"   after restoring: {ln.Artifact.filter(key='blood/cell_types.csv').count()}")

    ln.finish()
    database = ln.setup.settings.instance
    say(f"All of it is in {database.database_url} and {database.storage.root}, which are yours.")


if __name__ == "__main__":
    main()
