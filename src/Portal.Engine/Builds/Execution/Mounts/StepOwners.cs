using System.Security.Cryptography;
using Portal.Engine.Builds.Files;
using Portal.Engine.Containers.Users;
using Portal.Engine.Hosting;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>
/// Whom the files that are mounted into a <c>RUN</c> belong to there, where containers have ids of their own (user-namespace remapping).
/// On the disk everything has the ids that steps see, so that a cache and a layer serve every mapping.
/// </summary>
internal sealed class StepOwners(UserMappings mappings, IRootFiles files, EngineOptions options)
{
    // Apart from folders that are removed with all in them: what is mounted here is somebody's.
    private readonly string _folder = Path.Combine(options.RunRoot, "build-mounts");

    /// <summary>The ids of the steps' containers; null for the host's.</summary>
    public IdMapping? Ids => mappings.Usual;

    /// <summary>Who on the host stands for somebody in a step. An id that nobody stands for is nobody's in the step too.</summary>
    public (uint UserId, uint GroupId) OnHost(uint userId, uint groupId)
    {
        return Ids is { } ids
            ? (ids.UserOnHost(userId) ?? IdMapping.Nobody, ids.GroupOnHost(groupId) ?? IdMapping.Nobody)
            : (userId, groupId);
    }

    /// <summary>Where a folder that holds the steps' own ids can be mounted from; taken away with the mounts.</summary>
    public string Show(string folder, RunMounts mounts)
    {
        if (Ids is not { } ids)
        {
            return folder;
        }

        var place = Path.Combine(_folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        mounts.Hold(new CacheHold(place, () => files.UnmountMapped(place)));
        files.MountMapped(folder, place, ids);
        return place;
    }

    /// <summary>Takes away what a killed engine left mounted.</summary>
    public void Collect()
    {
        if (Directory.Exists(_folder))
        {
            foreach (var place in Directory.GetDirectories(_folder))
            {
                files.UnmountMapped(place);
            }
        }
    }
}
