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
    public const string Files = "com.docker.compose.project.config_files";
}
