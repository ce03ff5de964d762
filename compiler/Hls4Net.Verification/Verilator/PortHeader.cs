using System.Globalization;
using System.Text;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Verification.Verilator;

/// <summary>The generated half of the bench: which ports there are.</summary>
internal static class PortHeader
{
    /// <summary>Ports that the bench drives, in the order of its input file.</summary>
    public static IReadOnlyList<HardwarePort> Driven(HardwareDesign hardware) => [.. hardware.Ports.Where(p => p.Role != PortRole.Output)];

    /// <summary>Ports that the bench records, in the order of its output file.</summary>
    public static IReadOnlyList<HardwarePort> Recorded(HardwareDesign hardware) => [.. hardware.Ports.Where(p => p.Role == PortRole.Output)];

    public static string Text(HardwareDesign hardware)
    {
        var (driven, recorded) = (Driven(hardware), Recorded(hardware));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"""
            #pragma once
            #include "Vtop.h"
            #include "words.h"
            #include <cstdint>
            using Top = Vtop;
            #define HAS_CLOCK {(hardware.IsClocked ? 1 : 0)}
            constexpr std::uint64_t LATENCY = {hardware.Latency};
            constexpr std::size_t INPUT_WORDS = {driven.Sum(PortWords.Count)};
            constexpr std::size_t OUTPUT_WORDS = {recorded.Sum(PortWords.Count)};

            """);
        text.Append("inline void drive(Top& top, const std::uint32_t* words) {\n");
        foreach (var port in driven)
            text.Append(CultureInfo.InvariantCulture, $"    put(top.{port.Name}, words);\n");
        text.Append("}\ninline void record(const Top& top, std::uint32_t* words) {\n");
        foreach (var port in recorded)
            text.Append(CultureInfo.InvariantCulture, $"    get(top.{port.Name}, words);\n");
        return text.Append("}\n").ToString();
    }
}
