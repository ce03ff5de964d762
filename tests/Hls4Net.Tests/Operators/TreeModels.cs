using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Tests.Operators;

/// <summary>Models with trees that are more than one node, or wrong.</summary>
internal static class TreeModels
{
    /// <summary>Trees behind an operator with a constant.</summary>
    public static byte[] Behind(string type, double constant, OperatorCase trees) => Changed(trees, model =>
    {
        model.Graph.Node[0].Input[0] = "scaled";
        var node = new NodeProto { OpType = type };
        node.Input.AddRange(["x0", "c"]);
        node.Output.Add("scaled");
        model.Graph.Node.Insert(0, node);
        model.Graph.Initializer.Add(OnnxModelBuilder.Tensor("c", [], [constant]));
    });

    /// <summary>Trees behind a Scaler.</summary>
    public static byte[] Scaled(OperatorCase trees, float[] offset, float[] scale) => Changed(trees, model =>
    {
        model.Graph.Node[0].Input[0] = "scaled";
        var node = new NodeProto { OpType = "Scaler", Domain = TreeCases.Domain };
        node.Attribute.Add(new AttributeProto { Name = "offset", Type = AttributeProto.Types.AttributeType.Floats, Floats = { offset } });
        node.Attribute.Add(new AttributeProto { Name = "scale", Type = AttributeProto.Types.AttributeType.Floats, Floats = { scale } });
        node.Input.Add("x0");
        node.Output.Add("scaled");
        model.Graph.Node.Insert(0, node);
    });

    /// <summary>A regressor whose input has an open number of features.</summary>
    public static byte[] OpenFeatures(string symbol = "") => Changed(Regressor, model =>
        model.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimParam = symbol });

    /// <summary>A classifier as scikit-learn's exporter ends it: ZipMap behind the probabilities, whose output has no shape but a map, and no operators of the standard.</summary>
    public static byte[] Mapped() => Changed(TreeCases.ClassifierCases().First(), model =>
    {
        var map = new NodeProto { OpType = "ZipMap", Domain = TreeCases.Domain };
        map.Attribute.Add(new AttributeProto { Name = "classlabels_int64s", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0, 1, 2 } });
        map.Input.Add(model.Graph.Output[1].Name);
        map.Output.Add("map");
        model.Graph.Node.Add(map);
        model.Graph.Output[1] = new ValueInfoProto { Name = "map", Type = new TypeProto { SequenceType = new() } };
        for (var k = model.OpsetImport.Count - 1; k >= 0; k--)
        {
            if (model.OpsetImport[k].Domain.Length == 0)
                model.OpsetImport.RemoveAt(k);
        }
    });

    /// <summary>A regressor with one attribute changed.</summary>
    public static OperatorCase With(string attribute, object value) => Regressor.Without(attribute).With(attribute, value);

    /// <summary>A regressor with one entry of an attribute changed.</summary>
    public static OperatorCase With(string attribute, int position, long value)
    {
        var list = (long[])((long[])Regressor.Attributes.Single(a => a.Name == attribute).Value).Clone();
        list[position] = value;
        return With(attribute, list);
    }

    /// <summary>The same trees with weights for the first tree's first leaf alone.</summary>
    public static OperatorCase Weightless(OperatorCase classifier) => new[] { "class_treeids", "class_nodeids", "class_ids" }
        .Aggregate(classifier, (c, name) => c.Without(name).With(name, ((long[])classifier.Attributes.Single(a => a.Name == name).Value)[..1]))
        .Without("class_weights").With("class_weights", new[] { 0.5f });

    private static OperatorCase Regressor => TreeCases.RegressorCases().First();

    private static byte[] Changed(OperatorCase operatorCase, Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(operatorCase.ToModel());
        change(model);
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }
}
