using Portal.Contracts.Volumes.V1;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;

namespace Portal.Agent.Services.Volumes;

/// <summary>The contract's filters as conditions on the engine's volumes.</summary>
internal static class VolumeSelection
{
    private const int MostValues = 100;

    public static Func<VolumeInfo, bool> Make(VolumeFilter? filter)
    {
        if (filter is null)
        {
            return _ => true;
        }

        CheckCount(filter.Drivers.Count + filter.Labels.Count + filter.Names.Count);
        return volume => (!filter.HasDangling || filter.Dangling == (volume.Users.Count == 0))
            && (filter.Drivers.Count == 0 || filter.Drivers.Contains(volume.Driver))
            && (filter.Names.Count == 0 || filter.Names.Any(part => volume.Name.Contains(part, StringComparison.Ordinal)))
            && filter.Labels.All(label => Has(volume, label));
    }

    public static Func<VolumeInfo, bool> Make(VolumePruneFilter? filter)
    {
        filter ??= new VolumePruneFilter();
        CheckCount(filter.Labels.Count + filter.ExcludedLabels.Count);
        return volume => (filter.All || volume.IsAnonymous)
            && filter.Labels.All(label => Has(volume, label))
            && !filter.ExcludedLabels.Any(label => Has(volume, label));
    }

    private static bool Has(VolumeInfo volume, string label)
    {
        var parts = label.Split('=', 2);
        return volume.Labels.TryGetValue(parts[0], out var value) && (parts.Length == 1 || parts[1] == value);
    }

    private static void CheckCount(int count)
    {
        if (count > MostValues)
        {
            throw EngineException.InvalidArgument($"A filter holds at most {MostValues} values, not {count}.");
        }
    }
}
