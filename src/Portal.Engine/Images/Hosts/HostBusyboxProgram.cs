namespace Portal.Engine.Images.Hosts;

/// <summary>The host's own busybox, of which a first image can be made without a registry.</summary>
public static class HostBusyboxProgram
{
    /// <summary>The path of the first statically linked <c>busybox</c> in <c>/bin</c> and the folders of <c>PATH</c>; null when there is none.</summary>
    public static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Prepend("/bin")
            .Select(folder => Path.Combine(folder, "busybox"))
            .FirstOrDefault(path => File.Exists(path) && StaticProgram.IsStatic(path));
    }
}
