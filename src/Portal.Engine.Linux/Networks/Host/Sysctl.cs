using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Networks.Host;

/// <summary>Kernel settings under <c>/proc/sys</c> (proc(5)), of the calling thread's network namespace.</summary>
internal static class Sysctl
{
    private const string Root = "/proc/sys/";

    /// <summary>Sets a value unless it is set already, so that a read-only <c>/proc/sys</c> with the right values is no obstacle.</summary>
    /// <param name="name">Path below <c>/proc/sys</c>.</param>
    /// <param name="value">What it is to read as.</param>
    public static void Set(string name, string value)
    {
        var path = Root + name;
        try
        {
            if (File.ReadAllText(path).TrimEnd() != value)
            {
                File.WriteAllText(path, value);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Setting {path} to {value} failed: {exception.Message} "
                + "Container networks need it; set it by hand, or make /proc/sys writable.",
                exception);
        }
    }

    /// <summary>A value, or null when there is none.</summary>
    public static string? Read(string name)
    {
        try
        {
            return File.ReadAllText(Root + name).TrimEnd();
        }
        catch (IOException)
        {
            // A link that went away meanwhile.
            return null;
        }
    }

    /// <summary>Sets a value that a kernel without the feature does not have.</summary>
    public static void SetWhereKnown(string name, string value)
    {
        if (File.Exists(Root + name))
        {
            Set(name, value);
        }
    }
}
