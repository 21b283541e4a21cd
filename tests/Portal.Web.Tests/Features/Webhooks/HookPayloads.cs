namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>
/// Bodies of the shape that providers document, written down here with what matters and some of what does not: the pages are named with each.
/// </summary>
internal static class HookPayloads
{
    public const string Commit = "3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5";
    public const string Digest = "sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8";

    /// <summary>docs.github.com, "Webhook events and payloads", push.</summary>
    public const string GitHubPush =
        """
        {"ref":"refs/heads/main","before":"6113728f27ae82c7b1a177c8d03f9e96e0adf246",
          "after":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
         "created":false,"deleted":false,"forced":false,"base_ref":null,
         "compare":"https://github.com/octo/shop/compare/6113728f27ae...3f2c1ab9d0e8",
         "commits":[{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","tree_id":"31b122c26a97cf9af023e9ddab94a82c6e77b0ea",
           "distinct":true,
           "message":"Raise replicas","timestamp":"2026-11-20T09:12:01+01:00","author":{"name":"Ann",
             "email":"ann@example.com","username":"ann"},
           "added":["deploy/new.yaml"],"removed":[],"modified":["compose.yaml"]}],
         "head_commit":{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","message":"Raise replicas"},
         "repository":{"id":186853002,"full_name":"octo/shop","private":true,"clone_url":"https://github.com/octo/shop.git",
           "pushed_at":1795000321},
         "pusher":{"name":"ann","email":"ann@example.com"},"sender":{"login":"ann","id":21031067,"type":"User"}}
        """;

    /// <summary>The same page, release.</summary>
    public const string GitHubRelease =
        """
        {"action":"published","release":{"id":11248810,"tag_name":"v2.1.0","target_commitish":"main","name":"2.1",
          "draft":false,"prerelease":false},
         "repository":{"full_name":"octo/shop"},"sender":{"login":"ann"}}
        """;

    /// <summary>The same page, registry_package.</summary>
    public const string GitHubPackage =
        """
        {"action":"published","registry_package":{"id":7,"name":"Shop","namespace":"Octo","ecosystem":"CONTAINER",
          "package_type":"CONTAINER",
         "owner":{"login":"Octo","id":1,"type":"Organization"},
         "package_version":{"id":9,"version":"sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8",
           "container_metadata":{"tag":{"name":"stable","digest":"sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8"},
             "labels":{},"manifest":{}},
           "package_url":"ghcr.io/octo/shop:stable"},"registry":{"name":"GitHub CONTAINER registry"}},
         "repository":{"full_name":"Octo/Shop","owner":{"login":"Octo"}},"sender":{"login":"ann"}}
        """;

    /// <summary>docs.gitlab.com, "Webhook events", push events.</summary>
    public const string GitLabPush =
        """
        {"object_kind":"push","event_name":"push","before":"95790bf891e76fee5e1747ab589903a6a1f80f22",
          "after":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
         "ref":"refs/heads/main","ref_protected":true,"checkout_sha":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","user_id":4,
           "user_name":"Ann",
         "project":{"id":15,"name":"Shop","path_with_namespace":"team/shop","default_branch":"main"},
         "commits":[{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","message":"Raise replicas",
           "timestamp":"2026-11-20T09:12:01+01:00",
           "author":{"name":"Ann","email":"ann@example.com"},"added":["CHANGELOG"],"modified":["app/compose.yaml"],"removed":[]}],
         "total_commits_count":1}
        """;

    /// <summary>The same page, tag events.</summary>
    public const string GitLabTag =
        """
        {"object_kind":"tag_push","event_name":"tag_push","before":"0000000000000000000000000000000000000000",
         "after":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","ref":"refs/tags/v1.0.0",
           "checkout_sha":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
         "project":{"path_with_namespace":"team/shop"},"commits":[],"total_commits_count":0}
        """;

    /// <summary>The same page, release events.</summary>
    public const string GitLabRelease =
        """
        {"id":1,"created_at":"2026-11-20 09:12:01 UTC","name":"1.1","tag":"v1.1.0","object_kind":"release","action":"create",
         "project":{"path_with_namespace":"team/shop"},"commit":{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
           "title":"Raise replicas"}}
        """;

    /// <summary>docs.gitea.com, "Webhooks", event information.</summary>
    public const string GiteaPush =
        """
        {"ref":"refs/heads/release/1","before":"28e1879d029cb852e4844d9c718537df08844e03",
          "after":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
         "compare_url":"http://gitea.example.com/team/shop/compare/28e1...3f2c","total_commits":1,
         "commits":[{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5","message":"Raise replicas\n","added":[],
           "removed":["old.yaml"],"modified":[]}],
         "head_commit":{"id":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5"},
         "repository":{"id":140,"full_name":"team/shop"},"pusher":{"login":"ann"},"sender":{"login":"ann"}}
        """;

    /// <summary>The same page; the shape of a release is that of the API.</summary>
    public const string GiteaRelease =
        """
        {"action":"published","release":{"id":3,"tag_name":"v3.0","name":"Three","draft":false},"repository":{"full_name":"team/shop"}}
        """;

    /// <summary>support.atlassian.com, "Event payloads", push: a branch, an annotated tag, and a branch that was deleted.</summary>
    public const string BitbucketPush =
        """
        {"push":{"changes":[
          {"new":null,"old":{"type":"branch","name":"gone","target":{"type":"commit",
            "hash":"1e65c05c1d5171631d92438a13901ca7dae9618c"}},"created":false,
           "closed":true,"forced":false},
          {"new":{"type":"branch","name":"main","target":{"type":"commit","hash":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5"}},
           "old":{"type":"branch","name":"main"},"created":false,"closed":false,"forced":false,"truncated":false,"commits":[]},
          {"new":{"type":"annotated_tag","name":"v4","target":{"hash":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5"}},
            "old":null,"created":true}]},
         "repository":{"type":"repository","full_name":"team/shop","uuid":"{673a6070-3421-46c9-9d48-90745f7bfe8e}"},
           "actor":{"type":"user"}}
        """;

    /// <summary>confluence.atlassian.com, "Event payload" of Data Center, push.</summary>
    public const string BitbucketRefs =
        """
        {"eventKey":"repo:refs_changed","date":"2026-11-20T09:12:01+0100","actor":{"name":"ann","id":1},
         "repository":{"slug":"shop","project":{"key":"TEAM"}},
         "changes":[{"ref":{"id":"refs/heads/main","displayId":"main","type":"BRANCH"},"refId":"refs/heads/main",
           "fromHash":"ecddabb624f6f5ba43816f5926e580a5f680a932","toHash":"3f2c1ab9d0e84c1f9b7a6d5e4c3b2a1908f7e6d5",
             "type":"UPDATE"}]}
        """;

    /// <summary>docs.docker.com, "Docker Hub webhooks".</summary>
    public const string DockerHub =
        """
        {"callback_url":"https://registry.hub.docker.com/u/octo/shop/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/",
         "push_data":{"pushed_at":1795000321,"pusher":"ann","tag":"stable"},
         "repository":{"comment_count":0,"date_created":1795000000,"full_description":"","is_official":false,
           "is_private":true,"is_trusted":true,
           "name":"shop","namespace":"octo","owner":"octo","repo_name":"octo/shop",
             "repo_url":"https://registry.hub.docker.com/u/octo/shop/",
           "star_count":0,"status":"Active"}}
        """;

    /// <summary>distribution.github.io, "Notifications": a layer, a pull and two pushes in one envelope.</summary>
    public const string Distribution =
        """
        {"events":[
          {"id":"320678d8-ca14-430f-8bb6-4ca139cd83f7","timestamp":"2026-11-20T09:12:01.402973972Z","action":"push",
           "target":{"mediaType":"application/octet-stream","size":708,"digest":"sha256:fea8","length":708,
             "repository":"octo/shop",
             "url":"http://registry.example.com:5000/v2/octo/shop/blobs/sha256:fea8"},
           "request":{"id":"6df24a34","addr":"192.168.64.11:42961","host":"registry.example.com:5000","method":"PUT",
             "useragent":"curl"},
           "actor":{},"source":{"addr":"xtal.local:5000","instanceID":"a53db899"}},
          {"id":"5a1f","timestamp":"2026-11-20T09:12:02Z","action":"pull","target":{"repository":"octo/shop","tag":"stable",
            "digest":"sha256:aa"},
           "request":{"host":"registry.example.com:5000"}},
          {"id":"b1","timestamp":"2026-11-20T09:12:03Z","action":"push",
           "target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":523,
             "digest":"sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8","repository":"octo/shop",
               "tag":"stable"},
           "request":{"host":"registry.example.com:5000"}},
          {"id":"b2","timestamp":"2026-11-20T09:12:03Z","action":"push",
           "target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:bb","repository":"octo/shop"},
           "request":{"host":"registry.example.com:5000"}}]}
        """;

    /// <summary>learn.microsoft.com, "Azure Container Registry webhook reference", push.</summary>
    public const string Azure =
        """
        {"id":"cb8c3971-9adc-488b-xxxx-43cbb4974ff5","timestamp":"2026-11-20T09:12:01.2637525Z","action":"push",
         "target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":524,
           "digest":"sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8","length":524,
             "repository":"octo/shop","tag":"stable"},
         "request":{"id":"3cbb6949-7549-4fa1-xxxx-a6d5451dffc7","host":"octo.azurecr.io","method":"PUT","useragent":"docker/27"}}
        """;

    /// <summary>goharbor.io, "Configure Webhook Notifications", default form.</summary>
    public const string Harbor =
        """
        {"type":"PUSH_ARTIFACT","occur_at":1795000321,"operator":"ann",
         "event_data":{"resources":[{"digest":"sha256:4cd3b1d1c6f3f2fbd5d1e7a8cb6e5a6f1d2c3b4a5968778695a4b3c2d1e0f9a8",
           "tag":"stable",
           "resource_url":"harbor.example.com/octo/shop:stable"}],
         "repository":{"date_created":1795000000,"name":"shop","namespace":"octo","repo_full_name":"octo/shop",
           "repo_type":"private"}}}
        """;

    /// <summary>The same page, CloudEvents; pushed by digest alone.</summary>
    public const string HarborByDigest =
        """
        {"specversion":"1.0","id":"66e18103-09c1-41f6-982f-37df223f3eeb","source":"/projects/2/webhook/policies/15",
          "type":"harbor.artifact.pushed",
         "datacontenttype":"application/json","time":"2026-11-20T09:12:01Z","operator":"ann",
         "data":{"resources":[{"digest":"sha256:4cd3","tag":"sha256:4cd3",
           "resource_url":"harbor.example.com/octo/shop@sha256:4cd3"}],
         "repository":{"name":"shop","namespace":"octo","repo_full_name":"octo/shop","repo_type":"private"}}}
        """;
}
