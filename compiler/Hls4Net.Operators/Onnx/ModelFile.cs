using Google.Protobuf;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;
using Hls4Net.Operators.Trees.Boosters;

namespace Hls4Net.Operators.Onnx;

/// <summary>Reads an ONNX file, or boosted trees, into ONNX's messages, within bounds on size and nesting.</summary>
internal static class ModelFile
{
    private const int MaximumNesting = 100;

    private static readonly (byte[] Start, string Is)[] OtherFormats =
    [
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], ": it is an HDF5 file, as Keras writes them"),
        ([(byte)'P', (byte)'K', 3, 4], ": it is a zip archive, as PyTorch (.pt) and Keras (.keras) write them"),
        ([0x80, 2], ": it is a Python pickle"),
        ([(byte)'v', (byte)'e', (byte)'r', (byte)'s', (byte)'i', (byte)'o', (byte)'n', (byte)' '], ": it is a Git LFS pointer; run `git lfs pull`"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], ": it is a NumPy array"),
        ([(byte)'{'], ": it looks like binary JSON; XGBoost writes text with save_model('model.json')"),
        ([(byte)'['], ": it looks like a list in JSON; of boosted trees the whole model is needed, as XGBoost's save_model and LightGBM's dump_model give it"),
        ([(byte)'<'], ": it looks like XML or HTML"),
    ];

    /// <summary>The bytes of the file, or null after a diagnostic.</summary>
    public static byte[]? ReadBytes(string path, DiagnosticBag diagnostics)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path))
                diagnostics.Add(Messages.CannotReadModel(path, "it is a directory"));
            else if (!file.Exists)
                diagnostics.Add(Messages.CannotReadModel(path, "there is no such file"));
            else if (file.Length > int.MaxValue - 1024)
                diagnostics.Add(Messages.ModelTooLarge(path, "The file exceeds 2 GiB."));
            else if (file.Length == 0)
                diagnostics.Add(Messages.NotOnnx(path, ": it is empty"));
            else
                return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Add(Messages.CannotReadModel(path, e.Message));
        }
        return null;
    }

    /// <summary>The message in the bytes, or null after a diagnostic.</summary>
    /// <param name="path">Names the file in messages.</param>
    public static ModelProto? Parse(byte[] bytes, string path, DiagnosticBag diagnostics)
    {
        if (BoosterFile.Begins(bytes))
            return BoosterFile.Parse(bytes, path, diagnostics);
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, MaximumNesting);
            var model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(input);
            if (model.Graph is not null && (model.IrVersion > 0 || model.OpsetImport.Count > 0))
            {
                ZipMaps.Replace(model, path, diagnostics);
                TextLabels.Replace(model, path, diagnostics);
                return model;
            }
            diagnostics.Add(Messages.NotOnnx(path, OtherFormat(bytes) is { Length: > 0 } other ? other : ": it holds no graph"));
        }
        catch (InvalidProtocolBufferException e)
        {
            // Every exporter writes the format version first: tag 8, and a small number.
            var beginsWell = bytes is [8, > 0 and < 32, ..];
            diagnostics.Add(beginsWell ? Messages.DamagedModel(path, e.Message) : Messages.NotOnnx(path, OtherFormat(bytes)));
        }
        return null;
    }

    private static string OtherFormat(byte[] bytes) => Array.Find(OtherFormats, f => bytes.AsSpan().StartsWith(f.Start)).Is ?? "";
}
