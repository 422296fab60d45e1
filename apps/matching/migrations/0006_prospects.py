import apps.core.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capabilities', '0001_initial'),
        ('matching', '0005_rematches'),
        ('needs', '0002_elements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=apps.core.models.new_public_id, editable=False, max_length=12, unique=True, verbose_name='编号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('score', models.FloatField(verbose_name='匹配度')),
                ('reasons', models.JSONField(default=list, verbose_name='推荐理由')),
                ('engine_version', models.CharField(max_length=40, verbose_name='引擎版本')),
                ('need_version', models.PositiveIntegerField()),
                ('capability_version', models.PositiveIntegerField()),
                ('capability', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prospects', to='capabilities.capability', verbose_name='创新资源')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prospects', to='needs.need', verbose_name='需求')),
                ('ranker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matching.ranker', verbose_name='排序模型')),
            ],
            options={
                'verbose_name': '往期需求的新资源',
                'verbose_name_plural': '往期需求的新资源',
                'ordering': ('-score', 'id'),
                'indexes': [models.Index(fields=['need', '-score'], name='prospect_need_score')],
                'constraints': [models.UniqueConstraint(fields=('need', 'capability'), name='prospect_pair'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='prospect_score_in_points')],
            },
        ),
    ]
