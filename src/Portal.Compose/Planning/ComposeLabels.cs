namespace Portal.Compose.Planning;

/// <summary>The labels by which Compose knows its own.</summary>
public static class ComposeLabels
{
    public const string Project = "com.docker.compose.project";
    public const string Service = "com.docker.compose.service";
    public const string ConfigHash = "com.docker.compose.config-hash";
    public const string Number = "com.docker.compose.container-number";
    public const string OneOff = "com.docker.compose.oneoff";
    public const string Network = "com.docker.compose.network";
    public const string Volume = "com.docker.compose.volume";
    public const string WorkingFolder = "com.docker.compose.project.working_dir";
    public const string Image = "com.docker.compose.image";
    public const string DependsOn = "com.docker.compose.depends_on";
    public const string Version = "com.docker.compose.version";

    /// <summary>
    /// The id of the container that this one takes the place of; from then on both are there until the old one is gone.
    /// </summary>
    public const string Replaces = "com.docker.compose.replace";
    public const string Files = "com.docker.compose.project.config_files";
}
