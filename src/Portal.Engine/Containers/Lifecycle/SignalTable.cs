using System.Collections.Frozen;
using System.Globalization;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Signals by name and number, as Linux has them on x86 and ARM (signal(7)).</summary>
public static class SignalTable
{
    /// <summary><c>SIGKILL</c>.</summary>
    public const int Kill = 9;

    /// <summary><c>SIGTERM</c>.</summary>
    public const int Term = 15;

    // The C library keeps 32 and 33 to itself: the first one that programs see is 34.
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    private static readonly FrozenDictionary<string, int> s_numbers = Build();

    /// <summary>The signal's number.</summary>
    /// <param name="signal"><c>SIGTERM</c>, <c>term</c>, <c>15</c>, <c>SIGRTMIN+3</c>, ...</param>
    /// <exception cref="EngineException">InvalidArgument: there is none such.</exception>
    public static int Parse(string signal)
    {
        return TryParse(signal, out var number)
            ? number
            : throw EngineException.InvalidArgument($"invalid signal: {signal}");
    }

    /// <summary>The signal's number, if there is one such.</summary>
    public static bool TryParse(string signal, out int number)
    {
        if (int.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return number is > 0 and <= RealTimeLast;
        }

        var name = signal.ToUpperInvariant();
        return s_numbers.TryGetValue(name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name, out number);
    }

    private static FrozenDictionary<string, int> Build()
    {
        string[] names =
        [
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS",
        ];
        var numbers = names.Select((name, index) => (name, index + 1)).ToDictionary(pair => pair.name, pair => pair.Item2);
        numbers["IOT"] = numbers["ABRT"];
        numbers["POLL"] = numbers["IO"];
        numbers["CLD"] = numbers["CHLD"];
        numbers["RTMIN"] = RealTimeFirst;
        numbers["RTMAX"] = RealTimeLast;
        for (var offset = 1; offset <= 15; offset++)
        {
            numbers[$"RTMIN+{offset}"] = RealTimeFirst + offset;
        }

        for (var offset = 1; offset <= 14; offset++)
        {
            numbers[$"RTMAX-{offset}"] = RealTimeLast - offset;
        }

        return numbers.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
