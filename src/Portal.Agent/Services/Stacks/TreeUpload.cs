using Grpc.Core;
using Portal.Contracts.Stacks;
using Portal.Contracts.Stacks.V1;
using Portal.Engine.Errors;

namespace Portal.Agent.Services.Stacks;

/// <summary>Reads a tree from its messages: head, then each file and its bytes. Bounded before anything of it is taken in.</summary>
internal sealed class TreeUpload(IAsyncStreamReader<PutTreeRequest> requests)
{
    private const int MostPermissions = 0b111_111_111;
    private readonly List<StackTreeFile> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private TreeFile? _file;
    private byte[] _content = [];
    private int _filled;
    private long _total;

    /// <exception cref="EngineException">It is none that may be kept.</exception>
    public async Task<(TreeHead Head, IReadOnlyList<StackTreeFile> Files)> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false)
            || requests.Current.Head is not { } head
            || !StackTree.IsStackId(head.StackId)
            || !StackTree.IsDigest(head.Digest))
        {
            throw EngineException.InvalidArgument("A tree begins with 'head': a stack's id and the digest.");
        }

        while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            switch (requests.Current.PartCase)
            {
                case PutTreeRequest.PartOneofCase.File:
                    End();
                    Begin(requests.Current.File);
                    break;
                case PutTreeRequest.PartOneofCase.Data when _file is not null && _filled + requests.Current.Data.Length <= _content.Length:
                    requests.Current.Data.Span.CopyTo(_content.AsSpan(_filled));
                    _filled += requests.Current.Data.Length;
                    break;
                default:
                    throw EngineException.InvalidArgument("After the head come files, each followed by as many bytes as it says.");
            }
        }

        End();
        var isOneFile = _files is [{ Path: "" }];
        if (_files.Count == 0 || (!isOneFile && _paths.Any(path => !StackTree.IsPath(path) || IsFolderOfAnother(path))))
        {
            throw EngineException.InvalidArgument("A tree is one file without a path, or files whose paths stay below its folder.");
        }

        return (head, _files);
    }

    private bool IsFolderOfAnother(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_paths.Contains(path[..slash]))
            {
                return true;
            }
        }

        return false;
    }

    private void Begin(TreeFile file)
    {
        _total += file.SizeBytes;
        if (_files.Count >= StackTree.MostFiles
            || file.SizeBytes is < 0 or > StackTree.LongestFile
            || _total > StackTree.LongestTree
            || file.Mode > MostPermissions
            || file.UserId > int.MaxValue
            || file.GroupId > int.MaxValue
            || !_paths.Add(file.Path))
        {
            throw EngineException.InvalidArgument(
                $"A tree has up to {StackTree.MostFiles} files, each once, of up to {StackTree.LongestFile >> 20} MiB and "
                + $"{StackTree.LongestTree >> 20} MiB together, with permission bits alone and numbers of owners that exist.");
        }

        (_file, _content, _filled) = (file, new byte[file.SizeBytes], 0);
    }

    private void End()
    {
        if (_file is null)
        {
            return;
        }

        if (_filled < _content.Length)
        {
            throw EngineException.InvalidArgument("The upload broke off, so nothing was kept of it. Send the files again.");
        }

        _files.Add(new StackTreeFile(_file.Path, (int)_file.Mode, (int)_file.UserId, (int)_file.GroupId, _content));
        _file = null;
    }
}
