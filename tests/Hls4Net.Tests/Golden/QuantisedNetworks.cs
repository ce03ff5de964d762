using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Golden;

/// <summary>Small networks as the exporters of quantised models write them, with scales that are no powers of two.</summary>
internal static class QuantisedNetworks
{
    public static IReadOnlyDictionary<string, Func<OnnxModelBuilder>> All { get; } = new Dictionary<string, Func<OnnxModelBuilder>>(StringComparer.Ordinal)
    {
        ["convolution with scales by channel, biases and a maximum"] = Convolution,
        ["branches of different scales are added"] = Residual,
        ["depthwise, and averages with ties"] = Depthwise,
        ["perceptron of Brevitas with normalisation"] = Perceptron,
        ["operators on integers"] = Integers,
        ["products of integers in floats"] = MatMulInteger,
        ["scales side by side"] = Concatenated,
        ["limits, and values that are needed themselves"] = Limited,
        ["weights whose scales differ by twenty orders of magnitude"] = DeadChannels,
        ["a float input and quantised weights"] = WeightsOnly,
        ["signs, thresholds and fewer bits"] = Bipolar,
    };

    private static OnnxModelBuilder Convolution()
    {
        var b = new Writer().Input("x", 1, 2, 6, 6);
        var x = b.QuantDequant("x", 0.0173, 113, DataType.Uint8);
        var c = b.Convolution(x, 0.0173, [4, 2, 3, 3], [0.0031, 0.0107, 0.00093, 0.0214], ("pads", new long[] { 1, 1, 1, 1 }));
        var r = b.QuantDequant(b.Node("Relu", [c]), 0.0321, 0, DataType.Uint8);
        var m = b.QuantDequant(b.Node("MaxPool", [r], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })), 0.0321, 0, DataType.Uint8);
        var f = b.Node("Flatten", [m]);
        return b.Output(b.QuantDequant(b.Gemm(f, 0.0321, 36, 3, 0.0077), 0.0911, -7, DataType.Int8));
    }

    private static OnnxModelBuilder Residual()
    {
        var b = new Writer().Input("x", 1, 3, 4, 4);
        var x = b.QuantDequant("x", 0.021, 3, DataType.Int8);
        var c = b.QuantDequant(b.Convolution(x, 0.021, [3, 3, 3, 3], [0.013, 0.0041, 0.0187], ("pads", new long[] { 1, 1, 1, 1 })), 0.0533, -11, DataType.Int8);
        var s = b.QuantDequant(b.Node("Relu", [b.Node("Add", [c, x])]), 0.0377, -128, DataType.Int8);
        var d = b.QuantDequant(b.Node("Sub", [s, c]), 0.0611, 5, DataType.Int8);
        var g = b.QuantDequant(b.Node("GlobalAveragePool", [d]), 0.0611, 5, DataType.Int8);
        return b.Output(b.QuantDequant(b.Gemm(b.Node("Flatten", [g]), 0.0611, 3, 4, 0.0099), 0.0231, 0, DataType.Int8));
    }

    private static OnnxModelBuilder Depthwise()
    {
        var b = new Writer().Input("x", 1, 3, 6, 6);
        var x = b.QuantDequant("x", 0.25, 128, DataType.Uint8);
        var c = b.QuantDequant(b.Convolution(x, 0.25, [3, 1, 3, 3], [0.5, 0.3, 0.75], ("group", 3)), 0.75, 7, DataType.Uint8);
        // Sums of six integers of one scale: a sixth of them are ties.
        var a = b.QuantDequant(b.Node("AveragePool", [c], ("kernel_shape", new long[] { 2, 3 })), 0.75, 7, DataType.Uint8);
        var p = b.Node("AveragePool", [a], ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 0, 0 }));
        return b.Output(b.QuantDequant(p, 0.375, 0, DataType.Uint8));
    }

    private static OnnxModelBuilder Perceptron()
    {
        var b = new Writer().Input("x", 1, 8);
        var x = b.Quant("x", [], [0.0437], 0, 6, ("narrow", 1));
        var w = b.Quant(b.Constant([8, 6], 0.7), [1, 6], [0.11, 0.07, 0.3, 0.013, 0.5, 0.21], 0, 4, ("narrow", 1));
        var h = b.Node("Add", [b.Node("MatMul", [x, w]), b.Quant(b.Constant([6], 0.9), [], [0.0153], 0, 8)]);
        var n = b.Node("BatchNormalization", [h, b.Constant([6], 1.3), b.Constant([6], 0.5), b.Constant([6], 0.4), b.Positive([6])], ("epsilon", 1e-3f));
        var q = b.Quant(b.Node("Relu", [n]), [], [0.0719], 0, 4, ("signed", 0));
        var v = b.Quant(b.Constant([6, 3], 0.8), [], [0.093], 0, 3, ("rounding_mode", "CEIL"));
        var y = b.Node("MatMul", [q, v]);
        return b.Output(b.Quant(y, [1, 3], [0.31, 0.27, 0.041], 2, 5, ("rounding_mode", "HALF_UP")));
    }

    private static OnnxModelBuilder Integers()
    {
        var b = new Writer().Input("x", 1, 2, 5);
        var q = b.Node("QuantizeLinear", ["x", b.Scalar(0.0123), b.Scalar(100, DataType.Uint8)]);
        var c = b.Node("QLinearConv", [q, b.Scalar(0.0123), b.Scalar(100, DataType.Uint8), b.Codes([3, 2, 2], DataType.Int8), b.Vector(0.037, 0.0022, 0.0109),
            b.Codes([3], DataType.Int8, 3), b.Scalar(0.0911), b.Scalar(117, DataType.Uint8), b.Codes([3], DataType.Int32, 4000)]);
        var f = b.Node("Flatten", [c]);
        var m = b.Node("QLinearMatMul", [f, b.Scalar(0.0911), b.Scalar(117, DataType.Uint8), b.Codes([12, 4], DataType.Int8), b.Vector(0.011, 0.031, 0.0207, 0.0049),
            b.Codes([4], DataType.Int8, 5), b.Scalar(0.133), b.Scalar(13, DataType.Int8)]);
        return b.Output(m);
    }

    private static OnnxModelBuilder MatMulInteger()
    {
        var b = new Writer().Input("x", 1, 6);
        var q = b.Node("QuantizeLinear", ["x", b.Scalar(0.0317), b.Scalar(7, DataType.Uint8)]);
        var p = b.Node("MatMulInteger", [q, b.Codes([6, 4], DataType.Int8), b.Scalar(7, DataType.Uint8), b.Codes([4], DataType.Int8, 9)]);
        var y = b.Node("Mul", [b.Node("Cast", [p], ("to", 1)), b.Vector(0.00071, 0.0012, 0.00033, 0.0019)]);
        var r = b.Node("Relu", [b.Node("Add", [y, b.Constant([4], 0.3)])]);
        return b.Output(b.QuantDequant(r, 0.0173, 0, DataType.Uint8));
    }

    private static OnnxModelBuilder Concatenated()
    {
        var b = new Writer().Input("x", 1, 4).Input("z", 1, 3);
        var x = b.QuantDequant("x", 0.0437, 0, DataType.Int8);
        var z = b.QuantDequant("z", 0.0291, 31, DataType.Int8);
        var t = b.Node("Transpose", [b.Node("Concat", [x, z, x], ("axis", 1))], ("perm", new long[] { 1, 0 }));
        var r = b.Node("Relu", [b.Node("Transpose", [t], ("perm", new long[] { 1, 0 }))]);
        var y = b.Node("MatMul", [r, b.Dequant(b.Codes([11, 3], DataType.Int8), 0.0053)]);
        return b.Output(b.QuantDequant(y, 0.0531, -3, DataType.Int8));
    }

    private static OnnxModelBuilder Limited()
    {
        var b = new Writer().Input("x", 1, 6);
        var x = b.QuantDequant("x", 0.0437, 0, DataType.Int8);
        var h = b.Node("Clip", [b.Gemm(x, 0.0437, 6, 5, 0.0171), b.Scalar(0), b.Scalar(6)]);
        var q = b.QuantDequant(h, 0.0371, -100, DataType.Int8);
        var y = b.Node("Mul", [q, q]);
        b.Output(b.QuantDequant(y, 0.0631, 0, DataType.Uint8));
        return b.Output(q);
    }

    private static OnnxModelBuilder DeadChannels()
    {
        var b = new Writer().Input("x", 1, 2, 4, 4);
        var x = b.QuantDequant("x", 0.0173, 0, DataType.Int8);
        var c = b.Convolution(x, 0.0173, [3, 2, 2, 2], [0.0031, 1.1e-22, 0.021]);
        return b.Output(b.QuantDequant(c, 0.0137, 1, DataType.Int8));
    }

    private static OnnxModelBuilder WeightsOnly()
    {
        var b = new Writer().Input("x", 1, 5);
        var w = b.Quant(b.Constant([5, 4], 0.7), [1, 4], [0.11, 0.07, 0.3, 0.013], 0, 5);
        var y = b.Node("Relu", [b.Node("Add", [b.Node("MatMul", ["x", w]), b.Constant([4], 0.9)])]);
        return b.Output(b.Quant(y, [], [0.0371], 0, 7, ("signed", 0)));
    }

    private static OnnxModelBuilder Bipolar()
    {
        var b = new Writer().Input("x", 1, 6);
        var x = b.Quant("x", [], [0.0437], 0, 6);
        var w = b.Node(Writer.Qonnx, "BipolarQuant", [b.Constant([6, 5], 1), b.Scalar(0.37)], []);
        var n = b.Node("BatchNormalization", [b.Node("MatMul", [x, w]), b.Constant([5], 1.3), b.Constant([5], 0.2), b.Constant([5], 0.4), b.Positive([5])]);
        var s = b.Node(Writer.Qonnx, "BipolarQuant", [n, b.Scalar(0.61)], []);
        var h = b.Node("MatMul", [s, b.Quant(b.Constant([5, 4], 0.8), [], [0.093], 0, 3)]);
        var t = b.Node(Writer.Qonnx, "MultiThreshold", [h, b.Number([1, 3], [-0.3, 0.05, 0.41])], [("out_scale", 0.7f), ("out_bias", -0.7f), ("out_dtype", "UINT2")]);
        var v = b.Quant(b.Node("MatMul", [t, b.Quant(b.Constant([4, 3], 0.8), [], [0.17], 0, 4)]), [], [0.0625], 0, 8);
        return b.Output(b.Node(Writer.Qonnx, "Trunc", [v, b.Scalar(0.0625), b.Scalar(0), b.Scalar(8), b.Scalar(5)], [("rounding_mode", "ROUND")]));
    }

    /// <summary>Writes nodes with names of their own and constants that look random.</summary>
    private sealed class Writer
    {
        public const string Qonnx = "qonnx.custom_op.general";

        private readonly OnnxModelBuilder _builder = new OnnxModelBuilder(14).Import(Qonnx, 1);
        private readonly Random _random = new(3);
        private int _count;

        public Writer Input(string name, params int[] shape)
        {
            _builder.Input(name, shape);
            return this;
        }

        public OnnxModelBuilder Output(string name) => _builder.Output(name);

        public string Node(string type, string[] inputs, params (string, object)[] attributes) => Node("", type, inputs, attributes);

        public string Node(string domain, string type, string[] inputs, (string, object)[] attributes)
        {
            var output = $"v{_count++}";
            _builder.Node(domain, type, inputs, [output], attributes);
            return output;
        }

        public string Number(int[] shape, double[] values, DataType type = DataType.Float)
        {
            var name = $"c{_count++}";
            _builder.Constant(name, shape, values, type);
            return name;
        }

        public string Scalar(double value, DataType type = DataType.Float) => Number([], [value], type);

        public string Vector(params double[] values) => Number([values.Length], values);

        public string Constant(int[] shape, double size) => Number(shape, Draw(shape, () => (_random.NextDouble() * 2 - 1) * size));

        public string Positive(int[] shape) => Number(shape, Draw(shape, () => 0.3 + _random.NextDouble()));

        public string Codes(int[] shape, DataType type, int size = 127) => Number(shape, Draw(shape, () => _random.Next(-size, size + 1)), type);

        private static double[] Draw(int[] shape, Func<double> next) => [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => next())];

        public string Quant(string x, int[] shape, double[] scale, double zero, double bits, params (string, object)[] attributes) =>
            Node(Qonnx, "Quant", [x, Number(shape, scale), Scalar(zero), Scalar(bits)], attributes);

        public string QuantDequant(string x, double scale, double zero, DataType type)
        {
            var (s, z) = (Scalar(scale), Scalar(zero, type));
            return Node("DequantizeLinear", [Node("QuantizeLinear", [x, s, z]), s, z]);
        }

        public string Dequant(string codes, double scale) => Node("DequantizeLinear", [codes, Scalar(scale)]);

        /// <summary>Weights by channel in int8, and a bias in int32 whose scales are the products as float32 rounds them.</summary>
        public string Convolution(string x, double scale, int[] shape, double[] scales, params (string, object)[] attributes)
        {
            var w = Node("DequantizeLinear", [Codes(shape, DataType.Int8), Vector(scales)], ("axis", 0));
            var b = Node("DequantizeLinear", [Codes([shape[0]], DataType.Int32, 3000), Vector([.. scales.Select(s => (double)((float)s * (float)scale))])], ("axis", 0));
            return Node("Conv", [x, w, b], attributes);
        }

        public string Gemm(string x, double scale, int inputs, int outputs, double weights)
        {
            var w = Dequant(Codes([outputs, inputs], DataType.Int8), weights);
            var b = Dequant(Codes([outputs], DataType.Int32, 3000), (double)((float)weights * (float)scale));
            return Node("Gemm", [x, w, b], ("transB", 1));
        }
    }
}
