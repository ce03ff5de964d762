using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Compilation;

/// <summary>Events from a user's file: one array for each data input of a design.</summary>
internal static class EventData
{
    /// <summary>Reads a .npy file for a design of one input, or an .npz archive for one or more.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="inputs">Names and shapes of the data inputs, the batch dimension of 1 included.</param>
    /// <exception cref="UserErrorException">The file cannot be read or does not fit.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs)
    {
        var arrays = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? ReadArchive(path, inputs) : ReadSingle(path, inputs);
        int? events = null;
        foreach (var (name, shape) in inputs)
        {
            var array = arrays[name];
            DataChecks.RequireRows(array, RowShape(array.Shape.Count, shape));
            if (events is { } earlier && earlier != array.Shape[0])
                throw new UserErrorException(Messages.InputsNeeded(path, $"'{name}' has {array.Shape[0]} events, '{inputs[0].Name}' {earlier}."));
            events = array.Shape[0];
        }
        return arrays;
    }

    /// <summary>The shape that each event must have: without the batch extent of 1, or flat if the file is flat.</summary>
    public static Seq<int> RowShape(int fileDimensions, Seq<int> shape)
    {
        var row = shape.Count > 0 && shape[0] == 1 ? Seq.Create(shape.Span[1..]) : shape;
        return fileDimensions == 2 ? [Shapes.Count(shape)] : row;
    }

    private static Dictionary<string, NpyArray> ReadSingle(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs)
    {
        if (inputs.Count != 1)
            throw new UserErrorException(Messages.InputsNeeded(path,
                $"the design has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); give an .npz archive with one array for each."));
        return new(StringComparer.Ordinal) { [inputs[0].Name] = Npy.Read(path) };
    }

    private static Dictionary<string, NpyArray> ReadArchive(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs)
    {
        var arrays = Npz.Read(path);
        var result = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var (name, _) in inputs)
        {
            if (!arrays.TryGetValue(name, out var array) && !(inputs.Count == 1 && arrays.Count == 1))
                throw new UserErrorException(Messages.InputsNeeded(path, $"it has no array '{name}'; it has {string.Join(", ", arrays.Keys)}."));
            result[name] = array ?? arrays.First().Value;
        }
        return result;
    }
}
