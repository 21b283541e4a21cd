using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Streams;

/// <summary>The size of a terminal as <c>h</c> and <c>w</c> give it.</summary>
internal static class TerminalSizes
{
    public static TerminalSize Read(HttpContext context)
    {
        return TryMake(context.Number("w"), context.Number("h"))
            ?? throw EngineException.InvalidArgument("Bad parameters: 'h' and 'w' must be 1 to 65535");
    }

    /// <summary>Docker's pair of height and width.</summary>
    public static TerminalSize? TryMake(List<int>? pair) => pair is [var rows, var columns] ? TryMake(columns, rows) : null;

    /// <summary>A size, or null when one of its sides is none: clients without a terminal send zeros.</summary>
    public static TerminalSize? TryMake(int? columns, int? rows)
    {
        return columns is > 0 and <= ushort.MaxValue && rows is > 0 and <= ushort.MaxValue
            ? new TerminalSize(columns.Value, rows.Value)
            : null;
    }
}
