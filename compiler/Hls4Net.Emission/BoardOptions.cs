namespace Hls4Net.Emission;

/// <summary>What the files for a board say of where they come from.</summary>
/// <param name="Version">The compiler's version, as 0.1.0.</param>
/// <param name="ModelHash">SHA-256 of the model's file, 64 hexadecimal digits.</param>
/// <param name="CompilerHash">The same of the compiler.</param>
/// <param name="DesignHash">The same of the design's text.</param>
public sealed record BoardOptions(Version Version, string ModelHash, string CompilerHash, string DesignHash);
