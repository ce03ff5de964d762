using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>A tensor that an operator's definition reads: one of its inputs or a temporary that it made.</summary>
public sealed record TensorHandle(string Name, Seq<int> Shape)
{
    /// <summary>The linear position of an element.</summary>
    internal Affine Linear(ReadOnlySpan<Affine> indices)
    {
        if (indices.Length != Shape.Count)
            throw new ArgumentException($"{indices.Length} indices for a tensor of shape {Shape}.", nameof(indices));
        var strides = Shapes.Strides(Shape);
        var linear = Affine.Constant(0);
        for (var k = 0; k < indices.Length; k++)
            linear += indices[k] * strides[k];
        return linear;
    }
}

/// <summary>Collects the kernels that an operator's <see cref="Operator.Define"/> writes.</summary>
public sealed class Definition
{
    private readonly List<(Computation Computation, Seq<string> Inputs, string Output, Seq<int> Shape)> _steps = [];
    private readonly Dictionary<string, StatedError> _stated = new(StringComparer.Ordinal);
    private readonly Seq<string> _outputs;
    private readonly string _prefix;

    /// <param name="prefix">Starts the names of temporaries.</param>
    /// <param name="inputs">Handles of the node's inputs; null for an omitted optional one.</param>
    /// <param name="outputs">Names of the node's outputs.</param>
    public Definition(string prefix, IReadOnlyList<TensorHandle?> inputs, Seq<string> outputs)
    {
        _prefix = prefix;
        Inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>The node's inputs; null for an omitted optional one.</summary>
    public IReadOnlyList<TensorHandle?> Inputs { get; }

    /// <summary>What was proved of the errors of tensors that were written, by name.</summary>
    public IReadOnlyDictionary<string, StatedError> Stated => _stated;

    /// <summary>The computations in the order in which they were written.</summary>
    public IReadOnlyList<(Computation Computation, Seq<string> Inputs, string Output, Seq<int> Shape)> Steps => _steps;

    /// <summary>The node's input at a position.</summary>
    public TensorHandle Input(int position) => Inputs[position] ?? throw new InvalidOperationException($"Input {position} is omitted.");

    /// <summary>Whether an optional input is there.</summary>
    public bool Has(int position) => position < Inputs.Count && Inputs[position] is not null;

    /// <summary>Writes an output: one loop per dimension of the shape, whose indices the body receives.</summary>
    public TensorHandle Output(int position, Seq<int> shape, Func<BlockBuilder, Affine[], Term> body) =>
        Add(_outputs[position], shape, shape, body);

    /// <summary>Writes an output by loops over another domain, for instance with a dimension split in two: its row-major order is the output's.</summary>
    public TensorHandle Output(int position, Seq<int> shape, Seq<int> domain, Func<BlockBuilder, Affine[], Term> body) =>
        Shapes.Count(shape) == Shapes.Count(domain)
            ? Add(_outputs[position], shape, domain, body)
            : throw new ArgumentException($"Loops over {domain} do not fill the shape {shape}.", nameof(domain));

    /// <summary>Writes a temporary tensor that later kernels of this definition read.</summary>
    public TensorHandle Temporary(string name, Seq<int> shape, Func<BlockBuilder, Affine[], Term> body) =>
        Add(FreeName($"{_prefix}.{name}"), shape, shape, body);

    /// <summary>Writes a temporary tensor by rearranging elements of tensors, with literal values where Input is negative (−1 − index into fills).</summary>
    public TensorHandle Temporary(string name, Seq<int> shape, IReadOnlyList<TensorHandle> sources, Wiring wiring) =>
        Add(FreeName($"{_prefix}.{name}"), shape, wiring, sources.Select(s => s.Name).ToSeq());

    /// <summary>Says what was proved of the error of a tensor: <see cref="StatedError"/>, given the node's inputs.</summary>
    /// <param name="tensor">What was written.</param>
    /// <param name="bound">Null if nothing was proved, for instance because the tensor's type does not hold every value.</param>
    /// <param name="slope">How errors of the inputs show; null if nothing is known unless they are exact.</param>
    public void State(TensorHandle tensor, double? bound, double? slope = null)
    {
        if (bound is { } number)
            _stated[tensor.Name] = new(Dyadic.FromDouble(number), slope is { } s ? Dyadic.FromDouble(s) : null, Inputs.OfType<TensorHandle>().Select(i => i.Name).ToSeq());
    }

    /// <summary>Writes an output by rearranging elements; <paramref name="source"/> gives for each output position the input and its element.</summary>
    public TensorHandle Rearrange(int position, Seq<int> shape, Func<int, (int Input, int Element)> source)
    {
        var count = Shapes.Count(shape);
        var inputs = new int[count];
        var elements = new int[count];
        for (var k = 0; k < count; k++)
            (inputs[k], elements[k]) = source(k);
        var used = Inputs.Select(i => i?.Name ?? "").ToSeq();
        return Add(_outputs[position], shape, new Wiring(Seq.Own(inputs), Seq.Own(elements), []), used);
    }

    /// <summary>Writes an output by rearranging elements of the inputs, with literal values where Input is negative (−1 − index into fills).</summary>
    public TensorHandle Rearrange(int position, Seq<int> shape, Wiring wiring) =>
        Add(_outputs[position], shape, wiring, Inputs.Select(i => i?.Name ?? "").ToSeq());

    /// <summary>A name that no tensor of the node has, whatever the names in the user's file are.</summary>
    private string FreeName(string name)
    {
        while (Inputs.Any(i => i?.Name == name) || _outputs.Contains(name) || _steps.Exists(s => s.Output == name))
            name += "_";
        return name;
    }

    private TensorHandle Add(string name, Seq<int> shape, Seq<int> domain, Func<BlockBuilder, Affine[], Term> body)
    {
        var loads = new List<string>();
        var builder = new BlockBuilder(loads, domain.Count);
        var indices = Enumerable.Range(0, domain.Count).Select(Affine.Index).ToArray();
        builder.Finish(body(builder, indices));
        return Add(name, shape, new Kernel(domain, builder.ToBlock()), loads.ToSeq());
    }

    private TensorHandle Add(string name, Seq<int> shape, Computation computation, Seq<string> inputs)
    {
        _steps.Add((computation, inputs, name, shape));
        return new(name, shape);
    }
}

/// <summary>The value of an instruction while a block is written; operators append the exact primitives.</summary>
public readonly struct Term
{
    private readonly BlockBuilder _builder;

    internal Term(BlockBuilder builder, int index) => (_builder, Index) = (builder, index);

    internal int Index { get; }

    public static Term operator +(Term a, Term b) => a._builder.Append(new Add(a.Index, a.Peer(b)));

    public static Term operator -(Term a, Term b) => a._builder.Append(new Subtract(a.Index, a.Peer(b)));

    public static Term operator *(Term a, Term b) =>
        a._builder.Append(a.Index == a.Peer(b) ? new Square(a.Index) : new Multiply(a.Index, b.Index));

    /// <summary>operand · 2^power.</summary>
    public Term Shift(int power) => power == 0 ? this : _builder.Append(new Shift(Index, power));

    public Term Cast(Quantizer quantizer) => _builder.Append(new Cast(Index, quantizer));

    public Term Lookup(Table table) => _builder.Append(new Lookup(Index, table));

    /// <summary>this / divisor with <paramref name="fraction"/> bits right of the point, truncated toward zero.</summary>
    public Term Divide(Term divisor, int fraction) => _builder.Append(new Divide(Index, Peer(divisor), fraction));

    public Term Max(Term other) => _builder.Append(new Maximum(Index, Peer(other)));

    public Term Min(Term other) => _builder.Append(new Minimum(Index, Peer(other)));

    public Term Less(Term other) => _builder.Append(new Compare(Comparison.Less, Index, Peer(other)));

    public Term LessOrEqual(Term other) => _builder.Append(new Compare(Comparison.LessOrEqual, Index, Peer(other)));

    public Term EqualTo(Term other) => _builder.Append(new Compare(Comparison.Equal, Index, Peer(other)));

    /// <summary>then where this truth value is 1, otherwise where it is 0.</summary>
    public Term Select(Term then, Term otherwise) => _builder.Append(new Select(Index, Peer(then), Peer(otherwise)));

    private int Peer(Term other) => _builder.IndexOf(other);

    internal bool BelongsTo(BlockBuilder builder) => ReferenceEquals(_builder, builder);
}

/// <summary>Writes one block of a kernel.</summary>
public sealed class BlockBuilder
{
    private readonly List<Instruction> _instructions = [];
    private readonly List<string> _loads;
    private readonly int _depth;

    internal BlockBuilder(List<string> loads, int depth) => (_loads, _depth) = (loads, depth);

    /// <summary>The element of a tensor at the given indices.</summary>
    public Term At(TensorHandle tensor, params ReadOnlySpan<Affine> indices) => AtLinear(tensor, tensor.Linear(indices));

    /// <summary>The element of a tensor at a row-major position.</summary>
    public Term AtLinear(TensorHandle tensor, Affine position)
    {
        var input = _loads.IndexOf(tensor.Name);
        if (input < 0)
        {
            input = _loads.Count;
            _loads.Add(tensor.Name);
        }
        return Append(new Load(input, position));
    }

    public Term Literal(Dyadic value) => Append(new Literal(value));

    /// <summary>The value of a loop index expression.</summary>
    public Term IndexValue(Affine value) => Append(new IndexValue(value));

    /// <summary>The exact sum of a term over the given extents, or with an accumulator type the sum as hardware with that type makes it.</summary>
    /// <param name="extents">Loop extents of the sum.</param>
    /// <param name="term">Writes one term; receives the indices of the sum's loops.</param>
    /// <param name="initial">Added first; null for none.</param>
    /// <param name="accumulator">Null for exact.</param>
    /// <param name="where">Guards on the indices: a term is left out where one does not hold.</param>
    public Term Sum(Seq<int> extents, Func<BlockBuilder, Affine[], Term> term, Term? initial = null, Quantizer? accumulator = null,
        Func<Affine[], Seq<Guard>>? where = null) =>
        Reduce(Reduction.Sum, extents, term, initial, accumulator, where);

    /// <summary>The largest term over the given extents.</summary>
    public Term Max(Seq<int> extents, Func<BlockBuilder, Affine[], Term> term, Func<Affine[], Seq<Guard>>? where = null) =>
        Reduce(Reduction.Maximum, extents, term, null, null, where);

    /// <summary>The smallest term over the given extents.</summary>
    public Term Min(Seq<int> extents, Func<BlockBuilder, Affine[], Term> term, Func<Affine[], Seq<Guard>>? where = null) =>
        Reduce(Reduction.Minimum, extents, term, null, null, where);

    internal Term Append(Instruction instruction)
    {
        _instructions.Add(instruction);
        return new(this, _instructions.Count - 1);
    }

    /// <summary>Makes a term the block's result; a result must be the last instruction.</summary>
    internal void Finish(Term result)
    {
        if (IndexOf(result) != _instructions.Count - 1)
            _instructions.Add(new Shift(result.Index, 0));
    }

    /// <summary>The position of a term in this block.</summary>
    /// <exception cref="InvalidOperationException">The term belongs to another block: a reduction's term sees no outer instruction.</exception>
    internal int IndexOf(Term term) => term.BelongsTo(this)
        ? term.Index
        : throw new InvalidOperationException("A term of another block is used; inside a reduction, load the element again or pass it as initial.");

    internal Block ToBlock() => new(_instructions.ToSeq());

    private Term Reduce(Reduction reduction, Seq<int> extents, Func<BlockBuilder, Affine[], Term> term, Term? initial, Quantizer? accumulator,
        Func<Affine[], Seq<Guard>>? where)
    {
        var inner = new BlockBuilder(_loads, _depth + extents.Count);
        var indices = Enumerable.Range(_depth, extents.Count).Select(Affine.Index).ToArray();
        inner.Finish(term(inner, indices));
        return Append(new Reduce(reduction, extents, where?.Invoke(indices) ?? [], inner.ToBlock(), accumulator,
            initial is { } first ? IndexOf(first) : -1));
    }
}
