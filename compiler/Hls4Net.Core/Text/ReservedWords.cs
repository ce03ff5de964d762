using System.Collections.Frozen;

namespace Hls4Net.Core.Text;

/// <summary>Words that no generated identifier may be, in any of the languages that are generated; compared without case.</summary>
public static class ReservedWords
{
    /// <summary>IEEE 1364-2005, and IEEE 1800-2017 in the second half.</summary>
    private const string Verilog = """
        always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default defparam design disable
        edge else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify endtable endtask event for force
        forever fork function generate genvar highz0 highz1 if ifnone incdir include initial inout input instance integer join large
        liblist library localparam macromodule medium module nand negedge nmos nor noshowcancelled not notif0 notif1 or output
        parameter pmos posedge primitive pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent rcmos real realtime reg
        release repeat rnmos rpmos rtran rtranif0 rtranif1 scalared showcancelled signed small specify specparam strong0 strong1
        supply0 supply1 table task time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand
        weak0 weak1 while wire wor xnor xor
        accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit break byte chandle checker class
        clocking const constraint context continue cover covergroup coverpoint cross dist do endchecker endclass endclocking endgroup
        endinterface endpackage endprogram endproperty endsequence enum eventually expect export extends extern final first_match
        foreach forkjoin global iff ignore_bins illegal_bins implements implies import inside int interconnect interface intersect
        join_any join_none let local logic longint matches modport nettype new nexttime null package packed priority program property
        protected pure rand randc randcase randomize randsequence ref reject_on restrict return s_always s_eventually s_nexttime
        s_until s_until_with sequence shortint shortreal soft solve static std string strong struct super sync_accept_on
        sync_reject_on tagged this throughout timeprecision timeunit type typedef union unique unique0 until until_with untyped var
        virtual void wait_order weak wildcard with within
        """;

    /// <summary>IEEE 1076-2008.</summary>
    private const string Vhdl = """
        abs access after alias all and architecture array assert assume assume_guarantee attribute begin block body buffer bus case
        component configuration constant context cover default disconnect downto else elsif end entity exit fairness file for force
        function generate generic group guarded if impure in inertial inout is label library linkage literal loop map mod nand new
        next nor not null of on open or others out package parameter port postponed procedure process property protected pure range
        record register reject release rem report restrict restrict_guarantee return rol ror select sequence severity shared signal
        sla sll sra srl strong subtype then to transport type unaffected units until use variable vmode vprop vunit wait when while
        with xnor xor
        """;

    /// <summary>ISO C++20, and names that headers define as macros or that older compilers predefine.</summary>
    private const string Cpp = """
        alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await co_return
        co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast
        else enum explicit export extern false float for friend goto if inline int long main mutable namespace new noexcept not
        not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict return short signed
        sizeof static static_assert static_cast std struct switch template this thread_local throw true try typedef typeid typename
        typeof union unsigned using virtual void volatile wchar_t while xor xor_eq
        arm assert big_endian bufsiz byte_order complex domain edom eilseq eof erange errno fast fp_nan huge huge_val i386 imaginary
        infinity linux little_endian major math_errhandling minor mips nan null offsetof overflow pi plus powerpc ppc rand_max setjmp
        signal sing sparc stderr stdin stdout sun tmp_max underflow unix va_arg va_end va_list va_start vax
        """;

    /// <summary>Names that some file system keeps for devices.</summary>
    private const string Files = "aux com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 con lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 nul prn";

    private static readonly FrozenSet<string> Words = new[] { Verilog, Vhdl, Cpp, Files }
        .SelectMany(words => words.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word is reserved somewhere.</summary>
    public static bool Contains(string word) => Words.Contains(word);
}
