using Google.Protobuf.Collections;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>
/// Writes boosted trees as an ONNX model, which everything else takes as it takes any: an input <c>features</c> of shape [N, features] and an
/// output <c>score</c> of shape [N, scores], the plain sums of leaves. Further outputs are <c>label</c> of shape [N] and <c>probability</c> of shape
/// [N, scores] (of the second class, where there are two) for classes, and <c>prediction</c> of shape [N, scores] where it is not the score.
/// </summary>
internal static class BoosterModel
{
    private const int Opset = 13;
    private const int TreeOpset = 3;

    public static ModelProto Write(Booster booster)
    {
        var type = booster.IsDouble ? DataType.Double : DataType.Float;
        var model = new OnnxModelBuilder(Opset).Import(TreeCases.Domain, TreeOpset).Input("features", [-1, booster.Features], type);
        model.Graph.Name = booster.Name;
        var node = new NodeProto { Name = "trees", OpType = "TreeEnsembleRegressor", Domain = TreeCases.Domain, Input = { "features" }, Output = { "score" } };
        AddTrees(node.Attribute, booster, type);
        model.Graph.Node.Add(node);
        model.Output("score");
        AddPredictions(model, booster);
        return model.Model;
    }

    private static void AddTrees(RepeatedField<AttributeProto> attributes, Booster booster, DataType type)
    {
        var nodes = booster.Trees.SelectMany((tree, t) => tree.Nodes.Select((node, n) => (Tree: t, Place: n, Node: node, tree.Score))).ToList();
        var leaves = nodes.FindAll(n => n.Node.Mode == "LEAF");
        Add("n_targets", booster.Scores);
        Add("nodes_treeids", nodes.Select(n => (long)n.Tree).ToArray());
        Add("nodes_nodeids", nodes.Select(n => (long)n.Place).ToArray());
        Add("nodes_featureids", nodes.Select(n => (long)n.Node.Feature).ToArray());
        Add("nodes_modes", nodes.Select(n => n.Node.Mode).ToArray());
        AddNumbers("nodes_values", nodes.Select(n => n.Node.Mode == "LEAF" ? 0 : n.Node.Value));
        Add("nodes_truenodeids", nodes.Select(n => (long)n.Node.Then).ToArray());
        Add("nodes_falsenodeids", nodes.Select(n => (long)n.Node.Otherwise).ToArray());
        Add("target_treeids", leaves.Select(n => (long)n.Tree).ToArray());
        Add("target_nodeids", leaves.Select(n => (long)n.Place).ToArray());
        Add("target_ids", leaves.Select(n => (long)n.Score).ToArray());
        AddNumbers("target_weights", leaves.Select(n => n.Node.Value));
        if (booster.Bases.Any(b => b != 0))
            AddNumbers("base_values", booster.Bases);

        void Add(string name, object value) => attributes.Add(OnnxModelBuilder.Attribute(name, value));

        void AddNumbers(string name, IEnumerable<double> numbers)
        {
            double[] all = [.. numbers];
            if (type == DataType.Double)
                Add($"{name}_as_tensor", OnnxModelBuilder.Tensor(name, [all.Length], all, type));
            else
                Add(name, all.Select(n => (float)n).ToArray());
        }
    }

    private static void AddPredictions(OnnxModelBuilder model, Booster booster)
    {
        switch (booster.Task)
        {
            case BoosterTask.Score:
                break;
            case BoosterTask.Logistic:
                AddLogistic("prediction");
                break;
            case BoosterTask.Exponential:
                model.Node("Exp", ["score"], ["prediction"]).Output("prediction");
                break;
            case BoosterTask.Softplus:
                model.Node("Softplus", ["score"], ["prediction"]).Output("prediction");
                break;
            case BoosterTask.SignedSquare:
                model.Node("Abs", ["score"], ["magnitude"]).Node("Mul", ["score", "magnitude"], ["prediction"]).Output("prediction");
                break;
            case BoosterTask.TwoClasses:
                AddSecondOfTwo();
                AddLogistic("probability");
                break;
            case BoosterTask.TwoClassesWithoutProbability:
                AddSecondOfTwo();
                break;
            case BoosterTask.Classes:
                AddLargest();
                model.Node("Softmax", ["score"], ["probability"], ("axis", 1)).Output("probability");
                break;
            default:
                AddLargest();
                AddLogistic("probability");
                break;
        }

        void AddLargest() => model.Node("ArgMax", ["score"], ["label"], ("axis", 1), ("keepdims", 0)).Output("label", DataType.Int64);

        void AddSecondOfTwo() => model.Constant("zero", [], [0]).Constant("scores", [1], [-1], DataType.Int64)
            .Node("Greater", ["score", "zero"], ["second"]).Node("Cast", ["second"], ["number"], ("to", (int)DataType.Int64))
            .Node("Reshape", ["number", "scores"], ["label"]).Output("label", DataType.Int64);

        void AddLogistic(string name)
        {
            var operand = "score";
            if (booster.Steepness != 1)
            {
                operand = "steep_score";
                model.Constant("steepness", [], [booster.Steepness]).Node("Mul", ["score", "steepness"], [operand]);
            }
            model.Node("Sigmoid", [operand], [name]).Output(name);
        }
    }
}
