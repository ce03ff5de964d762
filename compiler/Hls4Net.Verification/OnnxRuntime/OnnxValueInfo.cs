using Hls4Net.Core.Data;
using Hls4Net.Core.Text;

namespace Hls4Net.Verification.OnnxRuntime;

/// <summary>An input or output that a model declares.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">The element type as ONNX writes it: <c>float</c>, <c>int64</c>; <c>sequence</c> and the like where it is no tensor.</param>
/// <param name="Type">The element type where arrays have it, else null: then the value can neither be fed nor fetched.</param>
/// <param name="Shape">The extents, −1 where the model leaves one free; meaningless where it is no tensor.</param>
/// <param name="Symbols">The name of each free extent, empty where it has none or is fixed.</param>
public sealed record OnnxValueInfo(string Name, string ElementType, NpyType? Type, Seq<long> Shape, Seq<string> Symbols);
