using System.Globalization;

namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS1xxx: the ONNX file, before any operator is looked at.</summary>
public static partial class Messages
{
    public static readonly Rule CannotReadModelRule = new("HLS1001", Severity.Error, "The model file cannot be read.",
        "The file does not exist, is a directory or a device, or the system refuses to open it. Check the path and the permissions.");

    public static readonly Rule NotOnnxRule = new("HLS1002", Severity.Error, "The file is not an ONNX model.",
        """
        An ONNX file is a protocol-buffer message with a format version and a graph. Other formats are exported first:
            PyTorch   torch.onnx.export(model, example, 'model.onnx', dynamo=False)
            Keras     python -m tf2onnx.convert --keras model.keras --output model.onnx
            sklearn   skl2onnx.convert_sklearn(...)
        A file fetched from a repository that uses Git LFS may be a small text that only points to the model: `git lfs pull`.
        """);

    public static readonly Rule DamagedModelRule = new("HLS1003", Severity.Error, "The ONNX file is damaged or truncated.",
        """
        The file begins like an ONNX model, but its protocol-buffer structure breaks off or contradicts itself. Copy or export it again;
        compare sizes or checksums with the original.
        """);

    public static readonly Rule ModelTooLargeRule = new("HLS1004", Severity.Error, "The model is too large.",
        """
        A protocol-buffer file cannot exceed 2 GiB, a tensor here 16 million elements, and a model 100,000 nodes after its functions are
        written out. Networks that fit an FPGA are thousands of times smaller. If only a part of the model is meant for hardware, cut it
        out with --outputs.
        """);

    public static readonly Rule OpsetTooOldRule = new("HLS1005", Severity.Error, "The model was written for an operator set that is too old.",
        """
        Operators mean what their operator set says. Sets 7 to 21 are read; before 7 broadcasting and several defaults were different, and
        reading them by today's rules would give other results. Convert the model:
            onnx.save(onnx.version_converter.convert_version(onnx.load('old.onnx'), 13), 'new.onnx')
        or export it again with opset_version=13.
        """);

    public static readonly Rule OpsetTooNewRule = new("HLS1006", Severity.Warning, "The model was written for an operator set that is newer than the compiler.",
        """
        Operator sets up to 21 are known. A newer set is read by the rules of set 21: operators that did not change since are right, and an
        attribute that is new is refused by name, but a changed default would not be noticed. Export with opset_version=21 or lower.
        """);

    public static readonly Rule MissingOpsetImportRule = new("HLS1007", Severity.Warning, "The model uses a domain whose operator set it does not import.",
        """
        Every domain that a node uses should stand in the model's opset_import. Exporters of quantised models often forget their own
        (qonnx.custom_op.general, onnx.brevitas); version 1 is assumed for those.
        """);

    public static readonly Rule NoOpsetRule = new("HLS1008", Severity.Error, "The model does not say which operator set it was written for.",
        """
        Without a version for the standard operators nothing says what they mean. Export the model again, or state the version that the
        exporter used:
            m = onnx.load('m.onnx'); m.opset_import.append(onnx.helper.make_opsetid('', 13)); onnx.save(m, 'm.onnx')
        """);

    public static readonly Rule UnknownOutputRule = new("HLS1009", Severity.Error, "An output that was asked for is not a value of the model.",
        """
        --outputs takes names of graph outputs or of any value inside the graph, as Netron shows them, separated by commas. The graph is
        cut there: what no named value depends on (a decoder, sampling, a loss) is dropped before it is looked at.
        """);

    public static readonly Rule DuplicateValueRule = new("HLS1010", Severity.Error, "A value is defined twice.",
        """
        Every name in an ONNX graph is written once: by an input, an initialiser or a node. With two writers nothing says which is meant.
        Only an initialiser may share its name with an input, whose default it then is. Export the model again.
        """);

    public static readonly Rule CycleRule = new("HLS1011", Severity.Error, "The graph has a cycle.",
        """
        Nodes may stand in any order in the file, but none may depend on its own result. Recurrent networks are written in ONNX with
        operators such as Scan or LSTM, not as a cycle; the file was damaged or edited.
        """);

    public static readonly Rule MissingValueRule = new("HLS1012", Severity.Error, "A node reads a value that nothing writes.",
        """
        The name is neither an input, nor an initialiser, nor the output of a node. The file was cut or edited by hand, or the exporter left
        a weight out. Export it again, or give the value an initialiser.
        """);

    public static readonly Rule TensorDataRule = new("HLS1013", Severity.Error, "A tensor's data do not match its shape and element type.",
        """
        The number of elements is the product of the extents, and the data must hold exactly that many, in exactly one of the places that
        ONNX has for them. More or fewer means that the file is damaged. Nothing is padded or dropped.
        """);

    public static readonly Rule NotFiniteWeightRule = new("HLS1014", Severity.Error, "A constant of the model holds NaN or infinity.",
        """
        Such a number has no fixed-point value. NaN weights mean that training diverged; infinities often stem from a mask, where a large
        finite number (for example -1e4) does the same. Repair the model and export it again.
        """);

    public static readonly Rule ElementTypeRule = new("HLS1015", Severity.Error, "A tensor has an element type that is not supported.",
        """
        Read are float, double, float16, bfloat16, bool, and signed and unsigned integers of 4 to 64 bits. Strings, complex numbers and
        8-bit floats have no place in a fixed-point design.
        """);

    public static readonly Rule ExternalMissingRule = new("HLS1016", Severity.Error, "A file with external data is missing or cannot be read.",
        """
        Large models keep their weights in files beside the .onnx file. They must travel together: copy the data file into the model's
        folder under the name that the message gives, or save the model in one file:
            onnx.save_model(onnx.load('m.onnx'), 'one.onnx', save_as_external_data=False)
        """);

    public static readonly Rule ExternalOutsideRule = new("HLS1017", Severity.Error, "External data lie outside the model's folder.",
        """
        The location of external data must be a relative path that stays inside the model's folder: no absolute path, no '..', no symbolic
        link that leads out of it. A model from elsewhere could otherwise make the compiler read any file. Copy the data into the folder.
        """);

    public static readonly Rule ExternalRangeRule = new("HLS1018", Severity.Error, "The place of a tensor in its external file makes no sense.",
        """
        External data are given by a location, an offset and a length in bytes. One of them is missing, is not a number, is negative, reaches
        beyond the end of the file, or does not match the shape of the tensor. The model and its data file do not belong together.
        """);

    public static readonly Rule DynamicDimensionRule = new("HLS1019", Severity.Error, "An input has a dimension without a fixed extent.",
        """
        Hardware has a fixed number of wires. Only the first dimension, the batch, may be open: it becomes 1, one event at a time. Fix the
        others when you export (do not list them in dynamic_axes), or afterwards:
            python -m onnxruntime.tools.make_dynamic_shape_fixed --input_name x --input_shape 1,10,14 m.onnx fixed.onnx
        """);

    public static readonly Rule ZeroExtentRule = new("HLS1020", Severity.Error, "A tensor has a dimension of extent zero.",
        """
        A tensor without elements carries nothing, and hardware for it would have no wires. It mostly comes from an export with an empty
        example batch, or from a slice that selects nothing.
        """);

    public static readonly Rule NoOutputRule = new("HLS1021", Severity.Error, "The model has no outputs.",
        "The graph lists no outputs, so nothing would be computed. Name values to compute with --outputs, or export the model again.");

    public static readonly Rule ShapeDisagreesRule = new("HLS1022", Severity.Warning, "A shape stated in the file is not the shape that the operators give.",
        """
        Shapes of inner values and outputs are stated in the file for information; the compiler infers its own from the operators. The two
        differ, mostly because the file was edited after its shapes were written. The inferred shape is used. If you know the stated one to
        be right, please report the case: it would be a fault of the compiler.
        """);

    public static readonly Rule UnusedInputRule = new("HLS1023", Severity.Warning, "An input of the model is not needed and was left out.",
        """
        None of the outputs depends on it. It gets no port. If it should matter, look for a branch that was cut off, by --outputs or when
        the model was exported.
        """);

    public static readonly Rule BakedBatchRule = new("HLS1024", Severity.Warning, "The first dimension looks like a batch and was taken as 1.",
        """
        The model was exported with a fixed batch of thousands of events. Hardware computes one event at a time, so the first dimension is
        taken as 1. Export with a dynamic first dimension to say so yourself:
            torch.onnx.export(..., dynamic_axes={'x': {0: 'batch'}})
        """);

    public static readonly Rule FunctionRule = new("HLS1025", Severity.Error, "A function of the model cannot be written out.",
        """
        Functions are operators that the model defines itself; each use is replaced by the nodes of the function. This one calls itself,
        passes a wrong number of values, or does not say which operator set its nodes belong to. Export without functions, or inline them:
            onnx.save(onnx.inliner.inline_local_functions(onnx.load('m.onnx')), 'inlined.onnx')
        """);

    public static readonly Rule NotATensorRule = new("HLS1026", Severity.Error, "A value is not a tensor.",
        "Sequences, maps, optional values and sparse tensors have no fixed number of elements. Cut the graph before or after them with --outputs.");

    public static readonly Rule InputShapeRule = new("HLS1027", Severity.Error, "An input has no shape.",
        """
        The file does not say how many dimensions the input has. Write it into the model:
            m.graph.input[0].CopyFrom(onnx.helper.make_tensor_value_info('x', onnx.TensorProto.FLOAT, ['batch', 57]))
        """);

    public static readonly Rule SparseRule = new("HLS1028", Severity.Error, "A sparse tensor is not consistent.",
        """
        A sparse constant gives its non-zero values and their positions, either linear or one coordinate per dimension, in ascending order
        and inside the shape. This one does not. Store the constant as a dense tensor.
        """);

    public static readonly Rule ConstantOutputRule = new("HLS1029", Severity.Warning, "An output does not depend on any input.",
        "The output is the same for every event. Mostly the wrong value was named, or a branch was cut off when the model was exported.");

    public static readonly Rule InputAsOutputRule = new("HLS1030", Severity.Error, "An output is an input of the model.",
        "Nothing is computed between the two, so there is nothing to build. Name other values with --outputs, and wire that input past the firmware.");

    /// <summary>An input that is asked for as an output.</summary>
    public static Diagnostic InputAsOutput(string name) =>
        new(InputAsOutputRule, $"output '{name}'", "It is an input of the model: there is nothing to compute.", "Leave it out of --outputs, or of the model's outputs.");

    public static Diagnostic CannotReadModel(string path, string reason) => new(CannotReadModelRule, path, $"The model cannot be read: {Clause(reason)}.");

    public static Diagnostic NotOnnx(string path, string what) => new(NotOnnxRule, path, $"This is not an ONNX model{what}.");

    public static Diagnostic DamagedModel(string path, string reason) =>
        new(DamagedModelRule, path, $"The ONNX file is damaged or truncated: {Clause(reason)}.");

    public static Diagnostic ModelTooLarge(string where, string what) => new(ModelTooLargeRule, where, what);

    public static Diagnostic OpsetTooOld(string path, long version, int least) =>
        new(OpsetTooOldRule, path, I($"The model uses operator set {version}; {least} or later is needed."),
            "Convert it with onnx.version_converter, or export it with opset_version=13.");

    public static Diagnostic OpsetTooNew(string path, long version, int most) =>
        new(OpsetTooNewRule, path, I($"The model uses operator set {version}; it is read by the rules of set {most}."));

    public static Diagnostic MissingOpsetImport(string path, string domain) =>
        new(MissingOpsetImportRule, path, $"Nodes use the domain '{Visible(domain)}', which the model does not import; version 1 is assumed.");

    public static Diagnostic NoOpset(string path) =>
        new(NoOpsetRule, path, "The model does not import the standard operator set that its nodes use.", "Export it again, with opset_version=13 for example.");

    public static Diagnostic UnknownOutput(string name, IReadOnlyList<string> known, IReadOnlyList<string> outputs)
    {
        var guess = DidYouMean(name, Near(name, known));
        return new(UnknownOutputRule, $"--outputs {Visible(name)}", $"The model has no value '{Visible(name)}'.",
            guess.Length > 0 ? guess : $"Its outputs are {Quoted(outputs)}; any value inside the graph can be named as well.");
    }

    public static Diagnostic DuplicateValue(string name) =>
        new(DuplicateValueRule, $"value '{Visible(name)}'", "Two things in the model write this value.", "Export the model again.");

    public static Diagnostic Cycle(IReadOnlyList<string> nodes) =>
        new(CycleRule, "graph", $"These nodes depend on their own results: {Quoted(nodes)}.", "Export the model again.");

    public static Diagnostic MissingValue(string where, string name, IEnumerable<string> known) =>
        new(MissingValueRule, where, $"The value '{Visible(name)}' is read, but nothing writes it.", DidYouMean(name, Near(name, known)));

    public static Diagnostic TensorData(string where, string what) => new(TensorDataRule, where, what, "Export the model again.");

    public static Diagnostic NotFiniteWeight(string where, long count, string what, long first) =>
        new(NotFiniteWeightRule, where, count == 1
            ? I($"Element {first} is {what}.")
            : I($"{count} elements are not finite; the first, element {first}, is {what}."), "Repair the model and export it again.");

    public static Diagnostic ElementType(string where, string type) =>
        new(ElementTypeRule, where, $"The element type is {type}, which is not supported.", "Convert it to float, or cut the graph with --outputs.");

    public static Diagnostic ExternalMissing(string where, string location, string reason) =>
        new(ExternalMissingRule, where, $"Its data should be in '{Visible(location)}' beside the model: {Clause(reason)}.", "Copy that file into the model's folder.");

    public static Diagnostic ExternalOutside(string where, string location) =>
        new(ExternalOutsideRule, where, $"Its data are said to be in '{Visible(location)}', which is not inside the model's folder.", "Copy the data into that folder.");

    public static Diagnostic ExternalRange(string where, string what) =>
        new(ExternalRangeRule, where, what, "Use the data file that was saved with this model.");

    public static Diagnostic DynamicDimension(string input, int dimension, string symbol) =>
        new(DynamicDimensionRule, $"input '{Visible(input)}'",
            I($"Dimension {dimension}{(symbol.Length > 0 ? $" ('{Visible(symbol)}')" : "")} has no fixed extent; only the first, the batch, may be open."),
            "Export the model with a fixed extent there.");

    public static Diagnostic ZeroExtent(string where, string shape) => new(ZeroExtentRule, where, $"The shape {shape} has an extent of zero.");

    public static Diagnostic NoOutput(string path) => new(NoOutputRule, path, "The graph lists no outputs.", "Name what to compute with --outputs.");

    public static Diagnostic ShapeDisagrees(string where, string stated, string inferred) =>
        new(ShapeDisagreesRule, where, $"The file states the shape {stated}, the operators give {inferred}; the latter is used.");

    public static Diagnostic UnusedInput(string input) => new(UnusedInputRule, $"input '{Visible(input)}'", "No output depends on this input; it gets no port.");

    public static Diagnostic BakedBatch(string input, string shape) =>
        new(BakedBatchRule, $"input '{Visible(input)}'", $"The shape {shape} begins with what looks like a batch; it is taken as 1.",
            "Export with a dynamic first dimension.");

    public static Diagnostic Function(string where, string what) => new(FunctionRule, where, what, "Inline the functions with onnx.inliner.");

    public static Diagnostic NotATensor(string where, string kind) =>
        new(NotATensorRule, where, $"This is a {kind}, not a tensor.", "Cut the graph with --outputs.");

    public static Diagnostic InputShape(string input) =>
        new(InputShapeRule, $"input '{Visible(input)}'", "The file does not state the shape of this input.", "Write the shape into the model.");

    public static Diagnostic Sparse(string where, string what) => new(SparseRule, where, what, "Store the constant as a dense tensor.");

    public static Diagnostic ConstantOutput(string output) => new(ConstantOutputRule, $"output '{Visible(output)}'", "No input has an influence on this output.");

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(8).Select(n => $"'{Visible(n)}'")) + (names.Count > 8 ? ", …" : "");

    /// <summary>A name from a file on one line: control characters become escapes, and beyond 200 characters it is cut.</summary>
    private static string Visible(string name)
    {
        var text = name.Length > 200 ? $"{name[..200]}…" : name;
        return string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? I($"\\u{(int)c:x4}") : c.ToString()));
    }

    /// <summary>The names worth comparing with a misspelt one: those of about its length.</summary>
    private static IEnumerable<string> Near(string name, IEnumerable<string> known) =>
        known.Where(k => Math.Abs(k.Length - name.Length) <= Math.Max(1, name.Length / 3)).Take(2000);
}
