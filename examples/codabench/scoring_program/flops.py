"""Floating-point operations of an ONNX file, by the rule of the ADC2021 challenge; nothing but Python is needed.

Two for each product of Gemm, MatMul and Conv with constant weights, one for each bias that is added (of a convolution one for each filter);
everything else is free. An addition of a constant behind a MatMul is its bias, as Keras exports it.
"""

from math import prod
from struct import unpack

SAME_SHAPE = {"Add", "Sub", "Mul", "Div", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "Softmax", "Clip", "Identity", "Cast", "Dropout",
              "BatchNormalization", "Quant", "QuantizeLinear", "DequantizeLinear", "Exp", "Sqrt", "Abs", "Neg", "Pow", "PRelu", "HardSigmoid", "Erf"}


class Unknown(Exception):
    """The operations of a model cannot be counted."""


def fields(data):
    """Number, kind and value of each field of a protobuf message."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    while place < len(data):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, kind, varint()
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            yield tag >> 3, kind, data[place:place + size]
            place += size
        elif kind == 2:
            size = varint()
            if place + size > len(data):
                raise Unknown("the ONNX file is cut off")
            yield tag >> 3, kind, data[place:place + size]
            place += size
        else:
            raise Unknown("the ONNX file is damaged")


def integers(kind, value):
    """A repeated integer field, packed or not; negative ones have 64 bits."""
    if kind == 0:
        return [value - (1 << 64) if value >> 63 else value]
    numbers, number, shift = [], 0, 0
    for byte in value:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(number - (1 << 64) if number >> 63 else number)
            number = shift = 0
    return numbers


def read_tensor(data):
    """Name, extents and, of integers, the numbers."""
    name, shape, kind, numbers, raw = "", [], 0, [], b""
    for number, wire, value in fields(data):
        if number == 1:
            shape += integers(wire, value)
        elif number == 2:
            kind = value
        elif number == 7:
            numbers += integers(wire, value)
        elif number == 8:
            name = value.decode()
        elif number == 9:
            raw = value
    if kind == 7 and raw:
        numbers = list(unpack(f"<{len(raw) // 8}q", raw))
    return name, shape, numbers


def read_node(data):
    """Operator, inputs, outputs and attributes that hold integers or a tensor."""
    node = {"type": "", "inputs": [], "outputs": [], "attributes": {}}
    for number, _, value in fields(data):
        if number == 1:
            node["inputs"].append(value.decode())
        elif number == 2:
            node["outputs"].append(value.decode())
        elif number == 4:
            node["type"] = value.decode()
        elif number == 5:
            name, found, tensor = "", [], None
            for part, wire, content in fields(value):
                if part == 1:
                    name = content.decode()
                elif part in (3, 8):
                    found += integers(wire, content)
                elif part == 4:
                    found = [content.decode(errors="replace")]
                elif part == 5:
                    tensor = read_tensor(content)
            node["attributes"][name] = tensor if tensor is not None else found
    return node


def read_value(data):
    """Name and extents of an input; an open extent is 1."""
    name, shape = "", []
    for number, _, value in fields(data):
        if number == 1:
            name = value.decode()
        elif number == 2:
            for _, _, tensor_type in (f for f in fields(value) if f[0] == 1):
                for _, _, dimensions in (f for f in fields(tensor_type) if f[0] == 2):
                    for _, _, dimension in (f for f in fields(dimensions) if f[0] == 1):
                        extents = [v for n, k, v in fields(dimension) if n == 1 and k == 0]
                        shape.append(extents[0] if extents and extents[0] > 0 else 1)
    return name, shape


def count(data):
    """The operations of an event.

    Raises Unknown if an operator changes shapes in a way that is not known here.
    """
    graph = next((value for number, kind, value in fields(data) if number == 7 and kind == 2), None)
    if graph is None:
        raise Unknown("the file holds no graph")
    shapes, constants, nodes = {}, {}, []
    for number, _, value in fields(graph):
        if number == 1:
            nodes.append(read_node(value))
        elif number == 5:
            name, shape, numbers = read_tensor(value)
            shapes[name], constants[name] = shape, numbers
        elif number == 11:
            name, shape = read_value(value)
            shapes.setdefault(name, shape)
    products, total = set(), 0
    for node in nodes:
        shape, flops = Shapes(shapes, constants, products).of(node)
        total += flops
        for output in node["outputs"]:
            shapes[output] = shape
    return total


class Shapes:
    """The shape that a node gives, and its operations."""

    def __init__(self, shapes, constants, products):
        self.shapes, self.constants, self.products = shapes, constants, products

    def of(self, node):
        kind, inputs, attributes = node["type"], node["inputs"], node["attributes"]
        missing = [name for name in inputs if name and name not in self.shapes]
        if missing:
            raise Unknown(f"the shape of '{missing[0]}' is not known")
        shape = [self.shapes[name] for name in inputs if name]
        if kind == "Constant":
            _, extents, numbers = attributes.get("value", ("", [], []))
            self.constants[node["outputs"][0]] = numbers
            return extents, 0
        if kind == "Gemm":
            rows = shape[0][1] if attributes.get("transA") == [1] else shape[0][0]
            inner, columns = shape[1][::-1] if attributes.get("transB") == [1] else shape[1]
            return [rows, columns], 2 * rows * inner * columns + (rows * columns if len(shape) > 2 else 0)
        if kind == "MatMul":
            result = shape[0][:-1] + shape[1][-1:]
            self.products.add(node["outputs"][0])
            return result, 2 * prod(result) * shape[0][-1]
        if kind == "Conv":
            return self.convolution(shape, attributes)
        if kind in ("MaxPool", "AveragePool"):
            return shape[0][:2] + self.windows(shape[0][2:], attributes["kernel_shape"], attributes), 0
        if kind in ("GlobalAveragePool", "GlobalMaxPool"):
            return shape[0][:2] + [1] * (len(shape[0]) - 2), 0
        if kind in ("Flatten", "Reshape"):
            return self.reshape(kind, shape, inputs, attributes), 0
        if kind == "Transpose":
            order = attributes.get("perm") or list(range(len(shape[0])))[::-1]
            return [shape[0][k] for k in order], 0
        if kind in SAME_SHAPE and shape:
            # The larger one: a constant is broadcast to the data.
            result = max(shape, key=lambda s: (len(s), prod(s)))
            is_bias = kind == "Add" and any(n in self.products for n in inputs) and any(n in self.constants for n in inputs)
            return result, prod(result) if is_bias else 0
        raise Unknown(f"the operator {kind} is not known")

    def convolution(self, shape, attributes):
        filters, inner, *kernel = shape[1]
        result = [shape[0][0], filters] + self.windows(shape[0][2:], kernel, attributes)
        return result, 2 * prod(result) * inner * prod(kernel) + (filters if len(shape) > 2 else 0)

    @staticmethod
    def windows(extents, kernel, attributes):
        ones = [1] * len(extents)
        strides, dilations = attributes.get("strides") or ones, attributes.get("dilations") or ones
        if (attributes.get("auto_pad") or ["NOTSET"])[0] in ("SAME_UPPER", "SAME_LOWER"):
            return [-(-extent // stride) for extent, stride in zip(extents, strides)]
        pads = attributes.get("pads") or [0] * (2 * len(extents))
        more = [stride - 1 if attributes.get("ceil_mode") == [1] else 0 for stride in strides]
        return [(extents[d] + pads[d] + pads[d + len(extents)] - dilations[d] * (kernel[d] - 1) - 1 + more[d]) // strides[d] + 1 for d in range(len(extents))]

    def reshape(self, kind, shape, inputs, attributes):
        if kind == "Flatten":
            axis = (attributes.get("axis") or [1])[0]
            return [prod(shape[0][:axis]), prod(shape[0][axis:])]
        wanted = self.constants.get(inputs[1])
        if not wanted:
            raise Unknown("a Reshape has no constant shape")
        result = [shape[0][k] if extent == 0 else extent for k, extent in enumerate(wanted)]
        if -1 in result:
            result[result.index(-1)] = prod(shape[0]) // max(1, prod(e for e in result if e != -1))
        return result
