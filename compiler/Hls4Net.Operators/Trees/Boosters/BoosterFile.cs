using System.Text.Json;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Trees.Boosters;

/// <summary>Boosted trees in the files of the libraries that train them.</summary>
internal static class BoosterFile
{
    /// <summary>Whether a file may be one.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => BoosterJson.Begins(bytes) || LightgbmText.Begins(bytes);

    /// <summary>The booster as an ONNX model, or null after a diagnostic.</summary>
    /// <param name="path">Names the file in messages, and the model.</param>
    public static ModelProto? Parse(byte[] bytes, string path, DiagnosticBag diagnostics)
    {
        try
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if ((LightgbmText.Begins(bytes) ? LightgbmText.Read(bytes, name) : BoosterJson.Read(bytes, name)) is { } booster)
            {
                if (booster.HasCategories)
                    diagnostics.Add(Messages.CategoriesOfBooster(path));
                return BoosterModel.Write(booster);
            }
            diagnostics.Add(Messages.NotOnnx(path, ": it is JSON, but neither a model of XGBoost nor one of LightGBM"));
        }
        catch (JsonException e)
        {
            diagnostics.Add(Messages.DamagedBooster(path, e.Message));
        }
        catch (BoosterException e)
        {
            diagnostics.Add(Messages.RefusedBooster(path, e.Message, e.Advice));
        }
        return null;
    }
}
