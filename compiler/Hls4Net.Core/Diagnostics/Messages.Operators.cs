namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS2xxx: the operators of a model. The place is the node, as <see cref="At"/> writes it.</summary>
public static partial class Messages
{
    public static readonly Rule UnsupportedOperatorRule = new("HLS2001", Severity.Error, "An operator is not supported.",
        """
        `hls4net ops` lists the operators that are. If the rest of the model is enough, cut the graph before this node with --outputs and
        compute the remainder where the results arrive. Some operators can be exported differently: a newer exporter, or a simplifier
        (onnxsim), often replaces an unusual operator by common ones.
        """);

    public static readonly Rule OperatorOpsetRule = new("HLS2002", Severity.Error, "An operator is not known in the operator set of the model.",
        """
        The operator exists, but not in the version that the model was written for, or it was withdrawn there. Export the model with
        another opset_version; `hls4net ops` gives the range for each operator.
        """);

    public static readonly Rule UnreadAttributeRule = new("HLS2003", Severity.Error, "A node has an attribute that the compiler does not read.",
        """
        Every attribute of every node is either consumed or refused, so that no setting of the model is lost in silence. The attribute is
        misspelt, belongs to another version of the operator, or is not supported yet. If it has no influence on the result, remove it:
            n = next(n for n in m.graph.node if n.name == 'NODE')
            n.attribute.remove(next(a for a in n.attribute if a.name == 'ATTRIBUTE'))
        """);

    public static readonly Rule AttributeKindRule = new("HLS2004", Severity.Error, "An attribute is missing, given twice, or of the wrong kind.",
        "The ONNX standard says which attributes an operator has and whether they are numbers, lists, texts or tensors. The exporter broke the rule; check the model with onnx.checker.check_model.");

    public static readonly Rule AttributeValueRule = new("HLS2005", Severity.Error, "An attribute has a value that is not supported.",
        "The message says which values are. A value that the compiler cannot honour exactly is refused; it is never replaced by another.");

    public static readonly Rule InputCountRule = new("HLS2006", Severity.Error, "A node has too few or too many inputs.",
        """
        An input that the operator needs is missing, or there is one that the compiler does not read. An input that nobody reads would be
        lost in silence, so it is refused. Check the model with onnx.checker.check_model.
        """);

    public static readonly Rule InputMustBeConstantRule = new("HLS2007", Severity.Error, "An input must be a constant.",
        """
        Shapes, axes, indices and statistics decide what the hardware looks like, so they must be known when it is built. The value here is
        computed from the event. Where it comes from a shape, export with fixed shapes, or run onnxsim, which folds such computations.
        """);

    public static readonly Rule ShapeMismatchRule = new("HLS2008", Severity.Error, "The shapes of a node's inputs do not fit its operator.",
        """
        ONNX Runtime would refuse the model as well. If the first dimension is a batch, note that it counts as 1 here; a Reshape that has
        the exporter's batch size written into it must be exported with a dynamic batch.
        """);

    public static readonly Rule SubgraphRule = new("HLS2009", Severity.Error, "A node holds a graph of its own.",
        """
        If, Loop, Scan and their kin choose or repeat computations while they run. Hardware with a fixed latency has no such choice. Export
        the model in inference mode with constant conditions, so that the exporter resolves them, or cut the graph with --outputs.
        """);

    public static readonly Rule SamplingRule = new("HLS2010", Severity.Error, "A node draws random numbers.",
        """
        Sampling is part of training (the reparametrisation of a variational autoencoder, for example), not of a trigger decision. Name the
        values before it as outputs, and the sampling, the decoder and the loss are dropped:
            hls4net compile model.onnx --outputs mu,logvar --score kl -o out
        """);

    public static readonly Rule UnsupportedQuantiserRule = new("HLS2011", Severity.Error, "A quantiser is not one that fixed hardware can be.",
        """
        DynamicQuantizeLinear chooses its scale anew for every event from the largest and the smallest value, which in hardware would be a
        division for each event and a different network behind it. Quantise statically, with calibration data: in ONNX Runtime
        quantize_static instead of quantize_dynamic. FloatQuant rounds to small floats, which are not fixed point; use IntQuant.
        """);

    public static readonly Rule QuantParameterRule = new("HLS2012", Severity.Error, "A quantiser has parameters that make no sense.",
        """
        The scale must be positive, the bit width a whole number from 1 (2 if signed) to 32, the zero point a whole number inside the range
        of the integers, and all three must broadcast to the shape of the value.
        """);

    public static readonly Rule UnsupportedOutputRule = new("HLS2013", Severity.Error, "An optional output of a node is used but not supported.",
        """
        Masks, indices and training statistics are not computed. Export the model in inference mode (model.eval() in PyTorch), or cut the
        graph with --outputs so that nothing needs them.
        """);

    public static readonly Rule InexactCastRule = new("HLS2014", Severity.Warning, "A cast to a narrow float does not round here.",
        """
        Fixed-point values are exact until a fixed-point type rounds them. A cast between floats changes nothing, not even one to float16 or
        bfloat16, which on other machines rounds to 11 or 8 bits. Casts to integers and truth values do what ONNX says.
        """);

    public static readonly Rule TensorTooLargeRule = new("HLS2015", Severity.Error, "A value or a computation is too large.",
        """
        A tensor of more than 16 million elements, or a computation on constants of more than 100 million steps, is not attempted. Networks
        that fit an FPGA are far smaller; probably a shape is wrong, or a whole batch is part of the model.
        """);

    public static readonly Rule ConstantArithmeticRule = new("HLS2016", Severity.Error, "A computation on constants has no result.",
        "A division by zero, or the root or logarithm of a negative number: the trained parameters are damaged, for example by a variance below zero.");

    public static readonly Rule TrainingModeRule = new("HLS2017", Severity.Error, "A node is in training mode.",
        """
        In training, BatchNormalization uses the statistics of the batch and Dropout drops values at random; both make no sense for single
        events. Export the model in inference mode: model.eval() in PyTorch, training=torch.onnx.TrainingMode.EVAL, or onnxsim.
        """);

    public static readonly Rule ChannelAxisRule = new("HLS2018", Severity.Warning, "The channels of a BatchNormalization are not where ONNX has them.",
        """
        ONNX counts channels in dimension 1. Old Keras converters transposed matrices first, so that the parameters fit dimension 0 only;
        ONNX Runtime refuses such models. They are read as they were meant, channels in dimension 0. Export the model again to be sure.
        """);

    public static readonly Rule ConstantValueRule = new("HLS2019", Severity.Error, "A constant input of a node has a value that is not supported.",
        """
        The operator is known, but not with this parameter. The message says which values are supported; a value that the compiler cannot
        honour exactly is refused and never replaced by another.
        """);

    /// <summary>The place that a diagnostic names for a node.</summary>
    public static string At(Graphs.Origin origin) => $"node '{Visible(origin.Node)}' ({Visible(origin.Operator)})";

    public static Diagnostic UnsupportedOperator(string where, string type, string domain, IEnumerable<string> known)
    {
        var full = domain.Length == 0 ? type : $"{domain}.{type}";
        // ONNX has many short names: only a name that differs in case is surely meant to be another.
        var meant = known.FirstOrDefault(k => string.Equals(k, type, StringComparison.OrdinalIgnoreCase) && k != type);
        return new(UnsupportedOperatorRule, where, $"The operator {Visible(full)} is not supported.",
            meant is null ? "See `hls4net ops`, or cut the graph before it with --outputs." : $"Did you mean '{meant}'?");
    }

    public static Diagnostic OperatorOpset(string where, string type, int opset, string range) =>
        new(OperatorOpsetRule, where, I($"{Visible(type)} is supported in operator sets {range}; the model uses {opset}."), "Export with another opset_version.");

    public static Diagnostic UnreadAttribute(string where, string attribute, IEnumerable<string> known) =>
        new(UnreadAttributeRule, where, $"The attribute '{Visible(attribute)}' is not read.", DidYouMean(attribute, Near(attribute, known)));

    public static Diagnostic AttributeKind(string where, string what) => new(AttributeKindRule, where, what);

    public static Diagnostic AttributeValue(string where, string attribute, string found, string needed) =>
        new(AttributeValueRule, where, $"The attribute '{attribute}' is {Visible(found)}; {needed}.");

    public static Diagnostic InputCount(string where, string what) => new(InputCountRule, where, what);

    public static Diagnostic InputMustBeConstant(string where, string role, string value) =>
        new(InputMustBeConstantRule, where, $"The {role} '{Visible(value)}' must be a constant, and is computed from an input.",
            "Export with fixed shapes, or simplify the model with onnxsim.");

    public static Diagnostic ShapeMismatch(string where, string what) => new(ShapeMismatchRule, where, $"Shapes do not fit: {Clause(what)}.");

    public static Diagnostic Subgraph(string where, string type) =>
        new(SubgraphRule, where, $"{Visible(type)} runs a graph of its own, which is not supported.", "Cut the graph with --outputs.");

    public static Diagnostic Sampling(string where, string type) =>
        new(SamplingRule, where, $"{Visible(type)} draws random numbers.", "Name the values before it with --outputs, for example --outputs mu,logvar.");

    /// <summary>A quantiser whose integers no fixed scale gives.</summary>
    public static Diagnostic UnsupportedQuantiser(string where, string reason, string way) => new(UnsupportedQuantiserRule, where, reason, way);

    public static Diagnostic QuantParameter(string where, string what) => new(QuantParameterRule, where, what);

    public static Diagnostic UnsupportedOutput(string where, int output, string value) =>
        new(UnsupportedOutputRule, where, I($"Output {output} ('{Visible(value)}') is used, but is not supported."), "Cut the graph with --outputs.");

    public static Diagnostic InexactCast(string where, string what) => new(InexactCastRule, where, what);

    public static Diagnostic TensorTooLarge(string where, string what) => new(TensorTooLargeRule, where, what);

    public static Diagnostic ConstantArithmetic(string where, string what) => new(ConstantArithmeticRule, where, what);

    public static Diagnostic TrainingMode(string where, string what) => new(TrainingModeRule, where, what, "Export the model in inference mode.");

    public static Diagnostic ConstantValue(string where, string role, string needed) => new(ConstantValueRule, where, $"The {role} is not supported: {needed}.");

    public static Diagnostic ChannelAxis(string where, string shape, int count) =>
        new(ChannelAxisRule, where, I($"The input has shape {shape} and the parameters {count} channels; they are taken along dimension 0."));
}
