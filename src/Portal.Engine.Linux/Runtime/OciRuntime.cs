namespace Portal.Engine.Linux.Runtime;

/// <summary>An OCI runtime of this host.</summary>
/// <param name="Name">Its file name, <c>runc</c> or <c>crun</c>.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Version">Its version.</param>
internal sealed record OciRuntime(string Name, string Path, string Version)
{
    /// <summary>The file name of crun, and of its copies in memory.</summary>
    public const string CrunName = "crun";

    /// <summary>True for runc itself, whose way of starting a container is known (<see cref="StartGate"/>).</summary>
    public bool IsRunc => Program == "runc";

    /// <summary>True for crun itself, of which the same is known.</summary>
    public bool IsCrun => IsCrunProgram(Path);

    /// <summary>
    /// True for the runtimes that keep nothing of a container outside its cgroups and its state folder. Others may: a virtual machine, a
    /// sandbox's own kernel.
    /// </summary>
    public bool KeepsOnlyFiles => IsRunc || IsCrun;

    private string Program => System.IO.Path.GetFileName(Path);

    /// <summary>True for the path of crun itself.</summary>
    public static bool IsCrunProgram(string path) => System.IO.Path.GetFileName(path) == CrunName;
}
