namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// Finds programs of the host. The search path is fixed: a service's environment is no place to choose what runs as
/// root.
/// </summary>
internal static class Programs
{
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>A program by name or absolute path; null when there is none.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/'))
        {
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        return SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
