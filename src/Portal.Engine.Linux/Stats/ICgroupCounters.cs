namespace Portal.Engine.Linux.Stats;

/// <summary>The files of one container's cgroup, kept open between readings.</summary>
internal interface ICgroupCounters : IDisposable
{
    /// <summary>Reads what the cgroup counts.</summary>
    /// <param name="buffer">Larger than any of the files.</param>
    /// <returns>Null when the container has no cgroup.</returns>
    CgroupCounters? Read(byte[] buffer);
}
