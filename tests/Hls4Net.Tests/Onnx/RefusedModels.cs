using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Tests.Onnx;

/// <summary>One model for every way in which a model can be wrong, with the rule that must be reported and words that the message must hold.</summary>
internal sealed record RefusedModel(string Name, Rule Rule, Func<string, byte[]> Write, string[] Says)
{
    /// <summary>Where the graph is cut.</summary>
    public string[] Outputs { get; init; } = [];

    public override string ToString() => Name;
}

internal static class RefusedModels
{
    public static IReadOnlyList<RefusedModel> All { get; } = [.. Files(), .. Graphs(), .. Tensors(), .. External(), .. Shapes(), .. Operators(), .. Quantisers(), .. RefusedTrees.All, .. RefusedBoosters.All];

    private static OnnxModelBuilder Relu(int opset = 13) => new OnnxModelBuilder(opset).Input("x", [1, 2]).Node("Relu", ["x"], ["y"]).Output("y");

    /// <summary>y = x + c with a constant of two elements.</summary>
    private static OnnxModelBuilder AddOf(TensorProto constant)
    {
        var builder = new OnnxModelBuilder().Input("x", [1, 2]).Node("Add", ["x", "c"], ["y"]).Output("y");
        constant.Name = "c";
        builder.Graph.Initializer.Add(constant);
        return builder;
    }

    /// <summary>A node on x of shape [1, 2], constant tensors and y.</summary>
    private static OnnxModelBuilder One(string type, string[] inputs, int opset, params (string, object)[] attributes) =>
        new OnnxModelBuilder(opset).Input("x", [1, 2]).Node(type, inputs, ["y"], attributes).Output("y");

    private static RefusedModel Model(string name, Rule rule, Func<OnnxModelBuilder> build, params string[] says) =>
        new(name, rule, _ => build().ToBytes(), says);

    private static RefusedModel Changed(string name, Rule rule, Func<OnnxModelBuilder> build, Action<OnnxModelBuilder> change, params string[] says) =>
        new(name, rule, _ =>
        {
            var builder = build();
            change(builder);
            return builder.ToBytes();
        }, says);

    private static IEnumerable<RefusedModel> Files()
    {
        yield return new("a text file", Messages.NotOnnxRule, _ => "hello, world"u8.ToArray(), []);
        yield return new("a zip archive", Messages.NotOnnxRule, _ => [(byte)'P', (byte)'K', 3, 4, 20, 0, 0, 0], ["zip"]);
        yield return new("a Git LFS pointer", Messages.NotOnnxRule, _ => "version https://git-lfs.github.com/spec/v1\n"u8.ToArray(), ["git lfs pull"]);
        yield return new("a message without a graph", Messages.NotOnnxRule, _ => new ModelProto { IrVersion = 8 }.ToByteArray(), ["no graph"]);
        yield return new("half of a model", Messages.DamagedModelRule, _ => Relu().ToBytes()[..40], []);
        yield return new("nesting without end", Messages.DamagedModelRule, _ => Nested(), []);
        yield return Changed("too many nodes", Messages.ModelTooLargeRule, () => Relu(), b =>
        {
            for (var k = 0; k <= FunctionInliner.MaximumNodes; k++)
                b.Graph.Node.Add(new NodeProto());
        }, "100000");
        yield return Model("opset 6", Messages.OpsetTooOldRule, () => Relu(6), "6", "7");
        yield return Model("opset 99", Messages.OpsetTooNewRule, () => Relu(99), "99", "25");
        yield return Model("an unknown domain", Messages.MissingOpsetImportRule,
            () => new OnnxModelBuilder().Input("x", [1]).Node("org.example", "Magic", ["x"], ["y"], []).Output("y"), "org.example");
        yield return Changed("no opset", Messages.NoOpsetRule, () => Relu(), b => b.Model.OpsetImport.Clear());
    }

    private static byte[] Nested()
    {
        var graph = new GraphProto { Name = "innermost" };
        for (var k = 0; k < 60; k++)
        {
            var outer = new GraphProto();
            outer.Node.Add(new NodeProto { OpType = "If", Output = { "y" }, Attribute = { OnnxModelBuilder.Attribute("then_branch", graph) } });
            graph = outer;
        }
        var bytes = new ModelProto { IrVersion = 8, Graph = graph }.ToByteArray();
        return bytes;
    }

    private static IEnumerable<RefusedModel> Graphs()
    {
        yield return Model("a misspelt output", Messages.UnknownOutputRule, () => Relu(), "'yy'", "Did you mean 'y'?") with { Outputs = ["yy"] };
        yield return Model("an unknown output", Messages.UnknownOutputRule, () => Relu(), "'somewhere'", "'y'") with { Outputs = ["somewhere"] };
        yield return Model("two writers", Messages.DuplicateValueRule, () => Relu().Node("Abs", ["x"], ["y"]), "'y'");
        yield return Model("two initialisers of a name", Messages.DuplicateValueRule,
            () => AddOf(OnnxModelBuilder.Tensor("c", [2], [1, 2])).Constant("c", [2], [1, 2]), "'c'");
        yield return Model("a cycle", Messages.CycleRule,
            () => new OnnxModelBuilder().Node("Relu", ["a"], ["b"]).Node("Relu", ["b"], ["a"]).Output("a"), "'a'", "'b'");
        yield return Model("a node that reads itself", Messages.CycleRule, () => new OnnxModelBuilder().Node("Relu", ["a"], ["a"]).Output("a"), "'a'");
        yield return Model("a missing value", Messages.MissingValueRule,
            () => new OnnxModelBuilder().Input("xin", [1, 2]).Node("Relu", ["xim"], ["y"]).Output("y"), "'xim'", "Did you mean 'xin'?");
        yield return Model("no outputs", Messages.NoOutputRule, () => new OnnxModelBuilder().Input("x", [1, 2]).Node("Relu", ["x"], ["y"]));
        yield return Model("an input that nothing needs", Messages.UnusedInputRule, () => Relu().Input("noise", [1, 2]), "'noise'");
        yield return Model("an input asked for as an output", Messages.InputAsOutputRule, () => Relu().Output("x"), "'x'");
        yield return Model("a constant output", Messages.ConstantOutputRule,
            () => new OnnxModelBuilder().Constant("c", [2], [1, 2]).Node("Relu", ["c"], ["y"]).Output("y"), "'y'");
        yield return Changed("a function that calls itself", Messages.FunctionRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Node("local", "Again", ["x"], ["y"], []).Output("y"),
            b => b.Model.Functions.Add(new FunctionProto
            {
                Name = "Again",
                Domain = "local",
                Input = { "a" },
                Output = { "b" },
                OpsetImport = { new OperatorSetIdProto { Domain = "local", Version = 1 } },
                Node = { new NodeProto { OpType = "Again", Domain = "local", Input = { "a" }, Output = { "b" } } },
            }), "Again");
        yield return Changed("a stated shape that is wrong", Messages.ShapeDisagreesRule, () => new OnnxModelBuilder().Input("x", [1, 2]).Node("Relu", ["x"], ["y"]),
            b => b.Graph.Output.Add(OnnxModelBuilder.Info("y", [1, 3])), "[1, 3]", "[1, 2]");
    }

    private static IEnumerable<RefusedModel> Tensors()
    {
        yield return Changed("too few bytes", Messages.TensorDataRule, () => AddOf(OnnxModelBuilder.Tensor("", [2], [1])), _ => { }, "8 bytes", "4");
        yield return Changed("too many numbers", Messages.TensorDataRule,
            () => AddOf(new TensorProto { DataType = 1, Dims = { 2 }, FloatData = { 1, 2, 3 } }), _ => { }, "2 numbers", "3");
        yield return Changed("a negative extent", Messages.TensorDataRule,
            () => AddOf(new TensorProto { DataType = 1, Dims = { -2 }, FloatData = { 1, 2 } }), _ => { }, "negative");
        yield return Changed("segments", Messages.TensorDataRule,
            () => AddOf(new TensorProto { DataType = 1, Dims = { 2 }, FloatData = { 1, 2 }, Segment = new() }), _ => { }, "segments");
        yield return Changed("an int8 of 300", Messages.TensorDataRule,
            () => AddOf(new TensorProto { DataType = 3, Dims = { 2 }, Int32Data = { 1, 300 } }), _ => { }, "300");
        yield return Changed("petabytes", Messages.TensorTooLargeRule,
            () => AddOf(new TensorProto { DataType = 1, Dims = { 1L << 24, 1L << 24 }, FloatData = { 1, 2 } }), _ => { }, "too large");
        yield return Changed("more elements than numbers count", Messages.TensorTooLargeRule,
            () => AddOf(new TensorProto { DataType = 1, Dims = { long.MaxValue, long.MaxValue, long.MaxValue }, FloatData = { 1 } }), _ => { }, "too large");
        yield return Changed("NaN weights", Messages.NotFiniteWeightRule,
            () => AddOf(OnnxModelBuilder.Tensor("", [2], [1, double.NaN])), _ => { }, "'c'", "Element 1", "NaN");
        yield return Changed("infinite weights", Messages.NotFiniteWeightRule,
            () => AddOf(OnnxModelBuilder.Tensor("", [3], [double.PositiveInfinity, 1, double.NegativeInfinity])), _ => { }, "2 elements", "element 0");
        yield return Changed("text", Messages.ElementTypeRule,
            () => AddOf(new TensorProto { DataType = (int)DataType.String, Dims = { 2 } }), _ => { }, "string");
        yield return Changed("an element type that does not exist", Messages.ElementTypeRule,
            () => AddOf(new TensorProto { DataType = 77, Dims = { 2 } }), _ => { }, "77");
        yield return Changed("sparse positions out of order", Messages.SparseRule, () => One("Add", ["x", "c"], 13), b => b.Graph.SparseInitializer.Add(
            new SparseTensorProto
            {
                Values = OnnxModelBuilder.Tensor("c", [2], [1, 2]),
                Indices = OnnxModelBuilder.Tensor("", [2], [1, 0], DataType.Int64),
                Dims = { 2 },
            }), "'c'", "ascending");
    }

    private static IEnumerable<RefusedModel> External()
    {
        yield return Place("a missing data file", Messages.ExternalMissingRule, ("location", "weights.bin"), "weights.bin");
        yield return Place("a path upwards", Messages.ExternalOutsideRule, ("location", "../weights.bin"), "../weights.bin");
        yield return Place("a path upwards within", Messages.ExternalOutsideRule, ("location", "a/../../b"), "a/../../b");
        yield return Place("an absolute path", Messages.ExternalOutsideRule, ("location", "/etc/passwd"), "/etc/passwd");
        yield return Place("a path of another system", Messages.ExternalOutsideRule, ("location", "C:\\weights.bin"), "C:");
        yield return Place("a backslash upwards", Messages.ExternalOutsideRule, ("location", "..\\weights.bin"));
        yield return Place("no location", Messages.ExternalRangeRule, ("offset", "0"), "no file");
        yield return new("a link that leads out", Messages.ExternalOutsideRule, folder =>
        {
            File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(AppContext.BaseDirectory, "Hls4Net.Core.dll"));
            return At(("location", "link.bin")).ToBytes();
        }, ["link.bin"]);
        yield return WithFile("a data file that is too short", 7, [("location", "w.bin")], "8 bytes", "7");
        yield return WithFile("an offset beyond the end", 8, [("location", "w.bin"), ("offset", "9223372036854775807")], "8");
        yield return WithFile("a length that does not fit", 16, [("location", "w.bin"), ("length", "16")], "16", "8");
        yield return WithFile("an offset that is no number", 16, [("location", "w.bin"), ("offset", "-4")], "offset");

        static OnnxModelBuilder At(params (string Key, string Value)[] entries)
        {
            var tensor = new TensorProto { DataType = 1, Dims = { 2 }, DataLocation = DataLocation.External };
            tensor.ExternalData.AddRange(entries.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
            return AddOf(tensor);
        }

        static RefusedModel Place(string name, Rule rule, (string, string) entry, params string[] says) => new(name, rule, _ => At(entry).ToBytes(), says);

        static RefusedModel WithFile(string name, int size, (string, string)[] entries, params string[] says) =>
            new(name, Messages.ExternalRangeRule, folder =>
            {
                File.WriteAllBytes(Path.Combine(folder, "w.bin"), new byte[size]);
                return At(entries).ToBytes();
            }, says);
    }

    private static IEnumerable<RefusedModel> Shapes()
    {
        yield return Model("a dynamic dimension", Messages.DynamicDimensionRule,
            () => new OnnxModelBuilder().Input("x", [-1, 3, -1]).Node("Relu", ["x"], ["y"]).Output("y"), "'x'", "Dimension 2", "'N'");
        yield return Model("an empty input", Messages.ZeroExtentRule,
            () => new OnnxModelBuilder().Input("x", [1, 0]).Node("Relu", ["x"], ["y"]).Output("y"), "[1, 0]");
        yield return Model("a huge input", Messages.TensorTooLargeRule,
            () => new OnnxModelBuilder().Input("x", [1, int.MaxValue, int.MaxValue]).Node("Relu", ["x"], ["y"]).Output("y"));
        yield return Model("a huge result", Messages.TensorTooLargeRule,
            () => new OnnxModelBuilder().Input("a", [1, 4096, 1, 1]).Input("b", [4096, 2, 4096]).Node("Add", ["a", "b"], ["y"]).Output("y"));
        yield return Model("a batch of a million", Messages.BakedBatchRule,
            () => new OnnxModelBuilder().Input("x", [1_000_000, 2]).Node("Relu", ["x"], ["y"]).Output("y"), "[1000000, 2]");
        yield return Changed("a sequence", Messages.NotATensorRule, () => One("Relu", ["x"], 13),
            b => b.Graph.Input[0].Type = new TypeProto { SequenceType = new() }, "sequence");
        yield return Changed("an input without a shape", Messages.InputShapeRule, () => One("Relu", ["x"], 13), b => b.Graph.Input[0].Type.TensorType.Shape = null, "'x'");
        yield return Model("an input of text", Messages.ElementTypeRule,
            () => new OnnxModelBuilder().Input("x", [1, 2], DataType.String).Node("Relu", ["x"], ["y"]).Output("y"), "string");
    }

    private static IEnumerable<RefusedModel> Operators()
    {
        yield return Model("an operator that does not exist", Messages.UnsupportedOperatorRule, () => One("Frobnicate", ["x"], 13), "Frobnicate");
        yield return Model("an operator in another case", Messages.UnsupportedOperatorRule, () => One("ReLU", ["x"], 13), "Did you mean 'Relu'?");
        yield return Changed("a custom operator of a future version", Messages.OperatorOpsetRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Node("qonnx.custom_op.general", "Quant", ["x"], ["y"], []).Output("y"),
            b => b.Import("qonnx.custom_op.general", 26), "26");
        yield return Model("an attribute that nobody reads", Messages.UnreadAttributeRule,
            () => One("Transpose", ["x"], 13, ("permm", new long[] { 1, 0 })), "'permm'", "Did you mean 'perm'?");
        yield return Model("an attribute of the wrong kind", Messages.AttributeKindRule, () => One("Flatten", ["x"], 13, ("axis", 1.5f)), "'axis'", "Int", "Float");
        yield return Model("an attribute that is missing", Messages.AttributeKindRule, () => One("Cast", ["x"], 13), "'to'");
        yield return Model("an attribute twice", Messages.AttributeKindRule, () => One("Flatten", ["x"], 13, ("axis", 1), ("axis", 1)), "twice");
        yield return Changed("a reference outside a function", Messages.AttributeKindRule, () => One("Flatten", ["x"], 13),
            b => b.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "axis", RefAttrName = "a" }), "function");
        yield return Model("a constant without a value", Messages.AttributeKindRule, () => new OnnxModelBuilder().Node("Constant", [], ["y"]).Output("y"));
        yield return Model("a permutation that is none", Messages.AttributeValueRule, () => One("Transpose", ["x"], 13, ("perm", new long[] { 1, 1 })), "'perm'");
        yield return Model("an attribute that is not finite", Messages.AttributeValueRule,
            () => One("Gemm", ["x", "c"], 13, ("alpha", float.NaN)).Constant("c", [2, 2], [1, 2, 3, 4]), "'alpha'", "finite");
        yield return Model("exponents that differ", Messages.ConstantValueRule, () => One("Pow", ["x", "e"], 13).Constant("e", [2], [0.5, 2]), "exponent", "one number");
        yield return Model("a negative base of a computed exponent", Messages.ConstantValueRule, () => One("Pow", ["b", "x"], 13).Constant("b", [], [-2]), "base", "positive");
        yield return Model("a logarithm of a constant below zero", Messages.ConstantArithmeticRule, () => One("Log", ["c"], 13).Constant("c", [2], [1, -1]), "no finite value");
        yield return Model("a celu divided by zero", Messages.AttributeValueRule, () => One("Celu", ["x"], 13, ("alpha", 0f)), "alpha");
        yield return Model("an unknown approximation", Messages.AttributeValueRule, () => One("Gelu", ["x"], 20, ("approximate", "sinh")), "none or tanh");
        yield return Model("a window on padding alone", Messages.ShapeMismatchRule,
            () => new OnnxModelBuilder().Input("x", [1, 1, 4]).Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 2 }), ("pads", new long[] { 3, 0 })).Output("y"),
            "padding alone");
        yield return Model("a divisor of zero", Messages.ConstantArithmeticRule, () => One("Div", ["x", "d"], 13).Constant("d", [2], [1, 0]), "zero");
        yield return Model("a missing input", Messages.InputCountRule, () => One("Add", ["x"], 13), "Input 1");
        yield return Model("an input too many", Messages.InputCountRule, () => One("Relu", ["x", "x"], 13), "Input 1");
        yield return Model("a computed shape", Messages.InputMustBeConstantRule,
            () => One("Reshape", ["x", "s"], 13).Input("s", [2], DataType.Int64), "shape", "'s'");
        yield return Model("matrices that do not fit", Messages.ShapeMismatchRule, () => One("MatMul", ["x", "c"], 13).Constant("c", [3, 2], [1, 2, 3, 4, 5, 6]), "[1, 2]", "[3, 2]");
        yield return Model("a reshape that does not fit", Messages.ShapeMismatchRule,
            () => One("Reshape", ["x", "s"], 13).Constant("s", [2], [3, -1], DataType.Int64), "[3, -1]");
        yield return Model("an axis out of range", Messages.ShapeMismatchRule, () => One("Unsqueeze", ["x"], 11, ("axes", new long[] { 7 })), "axis 7");
        yield return Foreign("a support vector machine", Messages.ClassicalModelRule, "SVMRegressor", "Gemm");
        yield return Foreign("a map of texts", Messages.ClassicalModelRule, "CategoryMapper", "before the network");
        yield return Model("a recurrent layer", Messages.DataDependentShapeRule, () => One("LSTM", ["x"], 13, ("hidden_size", 4)), "LSTM", "--outputs");
        yield return Model("a selection by the event", Messages.DataDependentShapeRule, () => One("NonZero", ["x"], 13), "NonZero", "size depends on the event");
        yield return Model("a branch", Messages.SubgraphRule, () => One("If", ["x"], 13, ("then_branch", new GraphProto())), "If");
        yield return Model("sampling", Messages.SamplingRule, () => One("RandomNormalLike", ["x"], 13), "RandomNormalLike", "--outputs");
        yield return Changed("a dropout mask", Messages.UnsupportedOutputRule, () => One("Dropout", ["x"], 13),
            b =>
            {
                b.Graph.Node[0].Output.Add("mask");
                b.Output("mask");
            }, "'mask'");
        yield return Model("dropout in training", Messages.TrainingModeRule,
            () => One("Dropout", ["x", "", "t"], 13).Constant("t", [], [1], DataType.Bool), "training_mode");
        yield return Model("a batch normalisation in training", Messages.TrainingModeRule, () => BatchNorm(1, ("training_mode", 1)), "training_mode");
        yield return Model("a negative variance", Messages.ConstantArithmeticRule, () => BatchNorm(-1), "channel 0");
        yield return Model("channels in the wrong dimension", Messages.ChannelAxisRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Node("Transpose", ["x"], ["t"]).Node("BatchNormalization", ["t", "p", "p", "p", "p"], ["y"])
                .Constant("p", [2], [1, 2]).Output("y"), "[2, 1]", "dimension 0");
        yield return Model("a cast to a narrow float", Messages.InexactCastRule, () => One("Cast", ["x"], 13, ("to", (int)DataType.Float16)), "float16");
        yield return Model("constants that take for ever", Messages.TensorTooLargeRule,
            () => new OnnxModelBuilder().Constant("c", [512, 512], new double[512 * 512]).Node("MatMul", ["c", "c"], ["y"]).Output("y"), "steps");
        yield return Model("constants that explode", Messages.ConstantArithmeticRule, Explosion, "bits");

        static OnnxModelBuilder BatchNorm(double variance, params (string, object)[] attributes) =>
            One("BatchNormalization", ["x", "p", "p", "p", "v"], 15, attributes).Constant("p", [2], [1, 2]).Constant("v", [2], [variance, 1]);
    }

    private static RefusedModel Foreign(string name, Rule rule, string type, params string[] says) => Model(name, rule,
        () => new OnnxModelBuilder().Import("ai.onnx.ml", 3).Input("x", [1, 2]).Node("ai.onnx.ml", type, ["x"], ["y"], [("strange", 1)]).Output("y"), [type, .. says]);

    /// <summary>A constant squared again and again.</summary>
    private static OnnxModelBuilder Explosion()
    {
        var builder = new OnnxModelBuilder().Constant("c0", [2], [1e30, 3]);
        for (var k = 0; k < 40; k++)
            builder.Node("Mul", [$"c{k}", $"c{k}"], [$"c{k + 1}"]);
        return builder.Output("c40");
    }

    private static IEnumerable<RefusedModel> Quantisers()
    {
        yield return Model("a scale that follows the event", Messages.UnsupportedQuantiserRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Node("DynamicQuantizeLinear", ["x"], ["y", "s", "z"]).Output("y"), "every event", "calibration");
        yield return Model("integers that are small floats", Messages.UnsupportedQuantiserRule, () => new OnnxModelBuilder()
            .Import("qonnx.custom_op.general", 1).Input("x", [1, 2]).Node("qonnx.custom_op.general", "FloatQuant", ["x"], ["y"], []).Output("y"), "IntQuant");
        yield return Model("a negative scale", Messages.QuantParameterRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Constant("s", [], [-0.5]).Node("QuantizeLinear", ["x", "s"], ["y"]).Output("y"), "positive");
        yield return Model("as many scales as another dimension has extents", Messages.ShapeMismatchRule,
            () => new OnnxModelBuilder().Input("x", [1, 2, 3]).Constant("s", [3], [1, 1, 1]).Node("QuantizeLinear", ["x", "s"], ["y"]).Output("y"), "dimension 1");
        yield return Model("blocks of a negative size", Messages.AttributeValueRule,
            () => new OnnxModelBuilder(21).Input("x", [1, 2]).Constant("s", [1, 1], [1]).Node("QuantizeLinear", ["x", "s"], ["y"], ("block_size", -1)).Output("y"), "block_size");
        yield return Model("a stated type that is not the zero point's", Messages.AttributeValueRule, () => new OnnxModelBuilder(21).Input("x", [1, 2])
            .Constant("s", [], [1]).Constant("z", [], [0], DataType.Uint8).Node("QuantizeLinear", ["x", "s", "z"], ["y"], ("output_dtype", 3)).Output("y"), "uint8");
        yield return Model("quantising to floats of eight bits", Messages.ElementTypeRule,
            () => new OnnxModelBuilder(21).Input("x", [1, 2]).Constant("s", [], [1]).Node("QuantizeLinear", ["x", "s"], ["y"], ("output_dtype", 17)).Output("y"), "float8");
        yield return Model("more thresholds than channels", Messages.ShapeMismatchRule, () => new OnnxModelBuilder().Import("qonnx.custom_op.general", 1)
            .Input("x", [1, 3]).Constant("t", [2, 1], [1, 2]).Node("qonnx.custom_op.general", "MultiThreshold", ["x", "t"], ["y"], []).Output("y"), "thresholds");
        yield return Model("thresholds of channels last in a sequence", Messages.AttributeValueRule, () => new OnnxModelBuilder()
            .Import("qonnx.custom_op.general", 1).Input("x", [1, 2, 3]).Constant("t", [1, 1], [1])
            .Node("qonnx.custom_op.general", "MultiThreshold", ["x", "t"], ["y"], [("data_layout", "NHWC")]).Output("y"), "data_layout");
        yield return Model("truncating to no bits", Messages.QuantParameterRule, () => new OnnxModelBuilder().Import("qonnx.custom_op.general", 1)
            .Input("x", [1, 3]).Constant("s", [], [1]).Constant("z", [], [0]).Constant("b", [], [0])
            .Node("qonnx.custom_op.general", "Trunc", ["x", "s", "z", "b", "b"], ["y"], []).Output("y"), "1 to 32");
        yield return Model("dequantising floats", Messages.ElementTypeRule,
            () => new OnnxModelBuilder().Input("x", [1, 2]).Constant("s", [], [1]).Node("DequantizeLinear", ["x", "s"], ["y"]).Output("y"), "float");
        yield return Model("a zero point that is computed", Messages.InputMustBeConstantRule, () => new OnnxModelBuilder().Input("x", [1, 2], DataType.Uint8)
            .Input("z", [], DataType.Uint8).Constant("w", [2, 1], [1, 2], DataType.Uint8).Node("MatMulInteger", ["x", "w", "z"], ["y"]).Output("y"), "zero point of A");
        yield return Model("a scale of zero", Messages.QuantParameterRule, () => Quant(0, 0, 4), "positive");
        yield return Model("a zero point of one half", Messages.QuantParameterRule, () => Quant(1, 0.5, 4), "whole");
        yield return Model("a width of 2.5 bits", Messages.QuantParameterRule, () => Quant(1, 0, 2.5), "1 to 32");
        yield return Model("a width of 33 bits", Messages.QuantParameterRule, () => Quant(1, 0, 33), "1 to 32");
        yield return Model("an unknown rounding", Messages.AttributeValueRule, () => Quant(1, 0, 4, ("rounding_mode", "SOMETIMES")), "SOMETIMES", "HALF_UP");
        yield return Model("a flag of 2", Messages.AttributeValueRule, () => Quant(1, 0, 4, ("signed", 2)), "'signed'", "0 or 1");

        static OnnxModelBuilder Quant(double scale, double zero, double bits, params (string, object)[] attributes) =>
            new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [1, 2])
                .Node("qonnx.custom_op.general", "Quant", ["x", "s", "z", "b"], ["y"], attributes)
                .Constant("s", [], [scale]).Constant("z", [], [zero]).Constant("b", [], [bits]).Output("y");
    }
}
