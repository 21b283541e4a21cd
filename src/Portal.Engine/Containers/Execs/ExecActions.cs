namespace Portal.Engine.Containers.Execs;

/// <summary>The actions of events about execs, which hold the command: as much of it as tells what was run.</summary>
internal static class ExecActions
{
    private const int LongestCommand = 1024;

    /// <summary><c>exec_create: sh -c ...</c></summary>
    public static string Of(string action, ExecSpec spec)
    {
        // A command may be megabytes long, and thousands of events are kept.
        var command = string.Join(' ', spec.Command.Take(LongestCommand).Select(Bounded));

        // Docker puts a space behind the program, whether arguments follow or not.
        return spec.Command.Count == 1 ? $"{action}: {Bounded(command)} " : $"{action}: {Bounded(command)}";
    }

    private static string Bounded(string text)
    {
        if (text.Length <= LongestCommand)
        {
            return text;
        }

        // Not within a character of two halves.
        var end = char.IsHighSurrogate(text[LongestCommand - 1]) ? LongestCommand - 1 : LongestCommand;
        return text[..end] + "...";
    }
}
