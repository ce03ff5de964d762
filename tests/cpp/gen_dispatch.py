"""Prints C++ lines, one for each distinct combination of types in the given CSV files.

Types are known only at compile time, so ap_types_csv_test.cpp includes these lines (as dispatch.inc) to build its table.
Each line is a macro call; its arguments, joined by commas, are the key that the driver makes from a row.

usage: gen_dispatch.py FILE.csv... > dispatch.inc
"""

import csv
import sys

# A file is known by its header. Columns that name types, in the order in which the driver joins them.
KEYS = {
    "srcW,srcI,srcS,W,I,signed,Q,O,src_raw,raw": ("CAST", ["srcW", "srcI", "srcS", "W", "I", "signed", "Q", "O"]),
    "W,I,signed,Q,O,x_hexfloat,raw,value": ("FROM_DOUBLE", ["W", "I", "signed", "Q", "O"]),
    "op,aW,aI,aS,a_raw,bW,bI,bS,b_raw,rW,rI,rS,r_raw": ("ARITH", ["op", "aW", "aI", "aS", "bW", "bI", "bS"]),
    "kind,W,I,S,raw,table_size,int_result": ("LUT_INDEX", ["kind", "W", "I", "S"]),
    "W,I,signed,raw,double,float": ("TO_DOUBLE", ["W", "I", "signed"]),
}

LUT_DIVISOR = {"x*ts/16": "16", "x*ts/8": "8", "x*ts/-8": "-8", "int(x)": "0"}


def main(paths):
    seen = {}
    for path in paths:
        with open(path, newline="") as file:
            reader = csv.DictReader(file)
            macro, columns = KEYS[",".join(reader.fieldnames)]
            for row in reader:
                seen[(macro, *(row[c] for c in columns))] = None
    for macro, *values in seen:
        if macro == "LUT_INDEX":
            values[0] = LUT_DIVISOR[values[0]]
        print(f"{macro}({', '.join(values)})")


main(sys.argv[1:])
