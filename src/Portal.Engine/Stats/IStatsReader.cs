namespace Portal.Engine.Stats;

/// <summary>Reads what the kernel counts for containers and for the host.</summary>
public interface IStatsReader
{
    /// <summary>Counters of one container, or null when it does not run.</summary>
    /// <param name="containerId">Its full id.</param>
    /// <param name="processId">Its init process in the host's numbers, through which its interfaces' counters are read.</param>
    ContainerSample? ReadContainer(string containerId, int processId);

    /// <summary>Counters that are not read every round for every container; null where there are none.</summary>
    /// <param name="containerId">Its full id.</param>
    /// <param name="processId">Its init process in the host's numbers.</param>
    ContainerDetails? ReadDetails(string containerId, int processId) => null;

    /// <summary>Lets go of what is kept open of containers that nobody watches any more.</summary>
    /// <param name="isWatched">Tells which are watched.</param>
    void Retain(Predicate<string> isWatched)
    {
    }

    /// <summary>Counters of the host.</summary>
    HostSample ReadHost();
}
