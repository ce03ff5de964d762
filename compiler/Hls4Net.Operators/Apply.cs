using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>A real function of every element; in a typed graph, its table.</summary>
public sealed record Apply(Table Table) : ElementwiseUnary
{
    /// <summary>A function without entries yet.</summary>
    public static Apply Of(string function, params IEnumerable<Dyadic> parameters) => new(new Table(new RealFunction(function, parameters.ToSeq()), null));

    protected override Term Map(BlockBuilder block, Term element) => element.Lookup(Table);

    /// <summary>The import of an operator that is a function without parameters.</summary>
    internal static Action<OnnxNode> Import(string function) => node => Output(node, node.Input(0, "input"), function);

    /// <summary>The cases of an operator without attributes.</summary>
    internal static Func<IEnumerable<OperatorCase>> Cases(string type, int opset = 7) => () => CasesOf(type, opset);

    /// <summary>Makes a function of an operand the node's output.</summary>
    internal static void Output(OnnxNode node, Operand x, string function, params IEnumerable<Dyadic> parameters)
    {
        var apply = Of(function, parameters);
        Check(node, x, apply);
        node.Output(apply, x);
    }

    /// <summary>Refuses integers, and constants at which the function has no value.</summary>
    internal static void Check(OnnxNode node, Operand x, Apply apply)
    {
        node.RequireFloat(x);
        foreach (var value in x.Constant?.Values ?? [])
        {
            if (!RealFunctions.IsDefined(apply.Table.Function, value, value))
                throw new ImportException(Messages.ConstantArithmetic(node.Where, $"{node.Operator} has no finite value at {value.ToDouble()}."));
        }
    }
}
