using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Reuse;

/// <summary>The weights of a retrained network in the place of those of a design.</summary>
public static class RetrainedWeights
{
    /// <summary>The design with the constants of a retrained network. Errors go to the bag, and the result is then of no use.</summary>
    /// <param name="old">The real-valued graph that the design was made from.</param>
    /// <param name="retrained">That of the retrained network, through the same passes.</param>
    /// <param name="types">How loadable constants become integers, by their names in the design.</param>
    public static Design Apply(Design design, Graph old, Graph retrained, IReadOnlyDictionary<string, Quantizer> types, Dialect dialect, DiagnosticBag diagnostics)
    {
        if (Match(old, retrained, diagnostics) is not { } names)
            return design;
        var constants = new List<NamedConstant>();
        foreach (var constant in design.Constants)
        {
            // A constant that no value of the graph is, such as a table's, follows from the types alone.
            constants.Add(SourceOf(constant.Name, old) is { } source && names.TryGetValue(source, out var name)
                ? Replaced(constant, old[source].Constant!, retrained[name].Constant!)
                : constant);
        }
        return design with { Constants = constants.ToSeq() };

        NamedConstant Replaced(NamedConstant constant, ConstantTensor before, ConstantTensor after)
        {
            var where = Where(design, constant.Name);
            if (!constant.IsLoadable)
            {
                if (before.Values != after.Values || before.Raw != after.Raw)
                    diagnostics.Add(Messages.WeightNotLoadable(where));
                return constant;
            }
            var quantizer = types.TryGetValue(constant.Name, out var chosen) ? chosen : new(constant.Tensor.Type!.Value, Rounding.Rnd, Overflow.Sat);
            if (after.Type is { } own && own != quantizer.Type)
            {
                diagnostics.Add(Messages.OtherNetwork(where, $"the constant has the type {own} in the retrained model and {quantizer.Type} in the firmware"));
                return constant;
            }
            var range = quantizer.Type.Range;
            var slack = new Dyadic(1, -quantizer.Type.Fraction - 1);
            var (low, high) = (after.Values.Min(), after.Values.Max());
            if (low < range.Minimum - slack || high > range.Maximum + slack)
                diagnostics.Add(Messages.WeightOutside(where, (high > range.Maximum ? high : low).ToDouble(), quantizer.Type.ToString(), range.Minimum.ToDouble(), range.Maximum.ToDouble()));
            return constant with { Tensor = after.Type is null ? ChooseTypes.Quantized(after, quantizer, dialect) : after };
        }
    }

    /// <summary>For each value of the old graph that of the new one in its place; null if the graphs are of different networks.</summary>
    private static Dictionary<string, string>? Match(Graph old, Graph retrained, DiagnosticBag diagnostics)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (old.Nodes.Count != retrained.Nodes.Count || old.Inputs.Count != retrained.Inputs.Count || old.Outputs.Count != retrained.Outputs.Count)
        {
            diagnostics.Add(Messages.OtherNetwork(retrained.Name, FormattableString.Invariant(
                $"it has {retrained.Nodes.Count} operators, {retrained.Inputs.Count} inputs and {retrained.Outputs.Count} outputs, and the compiled network {old.Nodes.Count}, {old.Inputs.Count} and {old.Outputs.Count}")));
            return null;
        }
        foreach (var (a, b) in old.Inputs.Zip(retrained.Inputs))
            Pair(a, b, $"input '{b}'");
        foreach (var (a, b) in old.Nodes.Zip(retrained.Nodes))
        {
            if (!a.Operator.Equals(b.Operator))
                diagnostics.Add(Messages.OtherNetwork(b.Origin.ToString(), $"it computes another function than {a.Origin} in its place"));
            else if (a.Inputs.Count != b.Inputs.Count || a.Outputs.Count != b.Outputs.Count)
                diagnostics.Add(Messages.OtherNetwork(b.Origin.ToString(), $"it has {b.Inputs.Count} inputs, and {a.Origin} in its place {a.Inputs.Count}"));
            else
            {
                foreach (var (x, y) in a.Inputs.Concat(a.Outputs).Zip(b.Inputs.Concat(b.Outputs)))
                    Pair(x, y, b.Origin.ToString());
            }
        }
        foreach (var (a, b) in old.Outputs.Zip(retrained.Outputs))
            Pair(a, b, $"output '{b}'");
        return diagnostics.HasErrors ? null : names;

        void Pair(string a, string b, string where)
        {
            if (names.TryGetValue(a, out var known) ? known != b : a.Length == 0 != (b.Length == 0))
                diagnostics.Add(Messages.OtherNetwork(where, $"it is connected to '{b}' where the compiled network has '{a}'"));
            else if (a.Length > 0 && (old[a].Shape != retrained[b].Shape || old[a].Constant is null != retrained[b].Constant is null))
                diagnostics.Add(Messages.OtherNetwork(where, $"'{b}' has the shape {retrained[b].Shape}{(retrained[b].Constant is null ? "" : " and is constant")}, and '{a}' in its place {old[a].Shape}"));
            names[a] = b;
        }
    }

    /// <summary>The constant of the graph that one of the design was: its name, or the start of it where it was typed in two ways.</summary>
    private static string? SourceOf(string name, Graph graph)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (graph.Contains(name[..end]) && graph[name[..end]].Constant is not null)
                return name[..end];
        }
        return null;
    }

    private static string Where(Design design, string constant) =>
        design.Stages.FirstOrDefault(s => s.Inputs.Contains(constant)) is { } stage ? $"{stage.Origin}, '{constant}'" : $"'{constant}'";
}
