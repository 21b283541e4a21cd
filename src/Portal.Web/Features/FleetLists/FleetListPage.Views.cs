using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists.Views;

namespace Portal.Web.Features.FleetLists;

/// <content>Saved views: kept, opened, and begun with.</content>
public abstract partial class FleetListPage<TRow, TKey, TQuery, TSort>
{
    [Inject]
    public required ISavedViews Views { get; init; }

    /// <summary>What a view that is saved now would hold.</summary>
    protected (string Query, IReadOnlyList<string> Hidden) ShownNow()
    {
        var parts = Query.ToAddress().Where(part => part.Value is not null)
            .Select(part => KeyValuePair.Create(part.Key, (string?)Convert.ToString(part.Value, CultureInfo.InvariantCulture)));
        return (QueryString.Create(parts).ToString(), _hidden);
    }

    /// <summary>Shows a saved view. Its columns are shown until others are chosen, which are kept as ever.</summary>
    protected void OpenView(SavedViewEntry view)
    {
        _hidden = view.Hidden;
        Filter(ReadAddress(new Uri(new Uri(Navigation.Uri), "?" + view.Query).ToString()));
    }

    // An address that says something is what was asked for; one that says nothing begins with what the person chose to begin with.
    private async Task BeginAsync()
    {
        if (new Uri(Navigation.Uri).Query.Length > 1 || User.UserId() is null)
        {
            return;
        }

        try
        {
            if ((await Views.ListAsync(User, ListName, Closed)).FirstOrDefault(view => view.IsDefault) is { } begun)
            {
                (_hidden, _query) = (begun.Hidden, ReadAddress(new Uri(new Uri(Navigation.Uri), "?" + begun.Query).ToString()));
                Show();
                if (RendererInfo.IsInteractive)
                {
                    Filter(_query);
                }
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // The whole list then: nothing is lost but a habit.
            return;
        }
    }
}
